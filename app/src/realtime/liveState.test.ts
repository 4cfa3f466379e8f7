/** Whatever is told, twice, late, in disorder or not at all before the line breaks: what is held is what a fetch gives. */
import { InfiniteQueryObserver, QueryClient, QueryObserver } from '@tanstack/react-query';

import { keys } from '@/api/queries';
import type { Job, JobPage } from '@/api/types';

import { applyEvent, type EventType, isEventType, staleKeys, withJob } from './applyEvent';
import type { ServerEvent } from './eventStream';
import staleAfter from './staleAfter.json';
import { fetchWhatWasMissed } from './useLiveUpdates';

const TYPES = Object.keys(staleAfter).filter(isEventType);
const JOBS_A_PAGE = 3;
const ENTRIES_A_PAGE = 2;

/** Numbers that look random and are the same for each seed (mulberry32). */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function one<Thing>(things: readonly Thing[], chance: () => number): Thing {
  return things[Math.floor(chance() * things.length)] as Thing;
}

function isUnder(key: readonly string[], prefix: readonly string[]): boolean {
  return prefix.every((part, index) => key[index] === part);
}

/** A moment as the server writes it: whole seconds without a fraction. */
function moment(tenths: number): string {
  const seconds = String(Math.floor(tenths / 10)).padStart(2, '0');
  return `2026-01-01T10:00:${seconds}${tenths % 10 === 0 ? '' : `.${tenths % 10}`}Z`;
}

class Server {
  events: ServerEvent[] = [];
  jobs: Job[] = [];
  entries: Record<string, string[]> = { activities: ['a3', 'a2', 'a1'], 'form-checks': ['f2', 'f1'] };
  private changes: string[][] = [];
  private tenths = 0;

  constructor(private readonly chance: () => number) {}

  happen(type: EventType): void {
    if (type === 'job.updated') return this.tell(type, this.work());
    const list = type.startsWith('activit')
      ? 'activities'
      : type.startsWith('form_check')
        ? 'form-checks'
        : null;
    let id = 'x';
    if (list !== null) {
      const held = this.entries[list] ?? [];
      id = type.endsWith('.created')
        ? `${list[0]}${this.events.length + 10}`
        : one([...held, 'gone'], this.chance);
      if (type.endsWith('.created')) this.entries[list] = [id, ...held];
      if (type.endsWith('.deleted')) this.entries[list] = held.filter((entry) => entry !== id);
    }
    this.changes.push(...staleKeys(type, id));
    this.tell(type, { id });
  }

  /** What is below a key: it changes with each event that makes the key stale. */
  version(key: readonly string[]): number {
    return this.changes.filter((prefix) => isUnder(key, prefix)).length;
  }

  jobPage(): JobPage {
    const items = [...this.jobs].reverse().slice(0, JOBS_A_PAGE);
    return { items, next_cursor: this.jobs.length > JOBS_A_PAGE ? `after ${items.at(-1)?.id}` : null };
  }

  entryPage(list: string, after: string | null) {
    const all = (this.entries[list] ?? []).map((id) => ({ id, version: this.version([list]) }));
    const start = after === null ? 0 : Number(after);
    const items = all.slice(start, start + ENTRIES_A_PAGE);
    const next = start + ENTRIES_A_PAGE;
    return { items, next_cursor: next < all.length ? String(next) : null };
  }

  private tell(type: EventType, data: unknown): void {
    this.events.push({ id: this.events.length + 1, type, data });
  }

  private work(): Job {
    this.tenths += 1;
    const at = moment(this.tenths);
    const running = this.jobs.filter((job) => job.state !== 'succeeded');
    if (running.length === 0 || this.chance() < 0.3) {
      const id = `j${this.jobs.length}`;
      const made: Job = {
        id,
        kind: 'activity_import',
        state: 'queued',
        progress: 0,
        stage: null,
        file_name: null,
        error: null,
        result: null,
        created_at: at,
        updated_at: at,
      };
      this.jobs.push(made);
      return made;
    }
    const before = one(running, this.chance);
    const after: Job = {
      ...before,
      progress: before.progress + 0.25,
      state: before.progress >= 0.5 ? 'succeeded' : 'running',
      updated_at: at,
    };
    this.jobs = this.jobs.map((job) => (job.id === after.id ? after : job));
    return after;
  }
}

/** Answers that were made when they were asked for, and arrive when they are let through. */
class Line {
  private waiting: (() => void)[] = [];

  answer<Value>(value: Value): Promise<Value> {
    return new Promise((resolve) => this.waiting.push(() => resolve(value)));
  }

  letThrough(howMany: number): void {
    for (const arrive of this.waiting.splice(0, howMany)) arrive();
  }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

/** Keys that the app holds: one at and one below each that an event makes stale. */
const HELD = [
  ...new Map(
    TYPES.flatMap((type) => staleKeys(type, 'a1'))
      .flatMap((key) => [key, [...key, 'detail']])
      .filter(
        (key) =>
          key.length > 0 &&
          !['jobs', 'activities', 'form-checks', 'activity', 'form-check'].includes(key[0]!),
      )
      .map((key) => [key.join('/'), key] as const),
  ).values(),
];

async function live(seed: number): Promise<{ held: unknown; fresh: unknown }> {
  const chance = chanceOf(seed);
  const server = new Server(chance);
  const line = new Line();
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, gcTime: Infinity } } });
  client.mount();
  const watched = [
    ...HELD.map((queryKey) =>
      new QueryObserver(client, { queryKey, queryFn: () => line.answer(server.version(queryKey)) }).subscribe(
        () => undefined,
      ),
    ),
    new QueryObserver(client, {
      queryKey: keys.jobs,
      queryFn: () => line.answer(server.jobPage()),
    }).subscribe(() => undefined),
    ...[keys.activities, keys.formChecks].map((key) =>
      new InfiniteQueryObserver(client, {
        queryKey: key,
        queryFn: ({ pageParam }) => line.answer(server.entryPage(key[0], pageParam as string | null)),
        initialPageParam: null as string | null,
        getNextPageParam: (page) => page.next_cursor,
      }).subscribe(() => undefined),
    ),
  ];
  let heard = 0;
  let lastId = 0;
  const hear = (events: ServerEvent[]) => {
    for (const event of events) {
      lastId = Math.max(lastId, event.id);
      applyEvent(client, event);
    }
  };
  for (let step = 0; step < 60; step += 1) {
    const what = chance();
    if (what < 0.45) server.happen(chance() < 0.35 ? 'job.updated' : one(TYPES, chance));
    else if (what < 0.7) {
      const news = server.events.slice(heard);
      heard = server.events.length;
      const again = server.events.filter(() => chance() < 0.1);
      hear([...news, ...again].sort(() => chance() - 0.5));
    } else if (what < 0.75) {
      // The line broke before the newest were heard; the server tells all after the last that was, and more is asked for.
      heard = server.events.length;
      fetchWhatWasMissed(client, { isFirst: false });
      hear(server.events.slice(lastId));
    } else line.letThrough(Math.ceil(chance() * 4));
    if (chance() < 0.3) await settle();
  }
  hear(server.events.slice(heard));
  for (let rounds = 0; rounds < 200 && (client.isFetching() > 0 || rounds < 3); rounds += 1) {
    line.letThrough(Infinity);
    await settle();
  }
  const pages = (key: readonly string[]) => {
    const found = client.getQueryData<{ pages: unknown[]; pageParams: (string | null)[] }>(key);
    return {
      held: found?.pages,
      fresh: found?.pageParams.map((after) => server.entryPage(key[0]!, after)),
    };
  };
  const entries = [pages(keys.activities), pages(keys.formChecks)];
  const result = {
    held: [
      HELD.map((key) => client.getQueryData(key)),
      client.getQueryData(keys.jobs),
      entries.map((one) => one.held),
    ],
    fresh: [HELD.map((key) => server.version(key)), server.jobPage(), entries.map((one) => one.fresh)],
  };
  for (const stop of watched) stop();
  client.unmount();
  client.clear();
  return result;
}

test.each(Array.from({ length: 40 }, (_, seed) => seed))(
  'what is held is what a fetch gives (%p)',
  async (seed) => {
    const { held, fresh } = await live(seed);
    expect(held).toEqual(fresh);
  },
);

test('every key that an event makes stale is one that the app asks by', () => {
  const known = new Set<string>(
    Object.values(keys).map((key) => (typeof key === 'function' ? key('x') : key)[0]),
  );
  for (const type of TYPES)
    for (const key of staleKeys(type, 'x')) expect([undefined, ...known]).toContain(key[0]);
});

test('a whole second comes before its fractions', () => {
  const server = new Server(chanceOf(1));
  server.happen('job.updated');
  const [queued] = server.jobs;
  const early: Job = { ...queued!, updated_at: '2026-01-01T10:00:01Z' };
  const late: Job = { ...queued!, state: 'succeeded', updated_at: '2026-01-01T10:00:01.5Z' };
  const page = { items: [late], next_cursor: null };
  expect(withJob(page, early).items).toEqual([late]);
  expect(withJob({ items: [early], next_cursor: null }, late).items).toEqual([late]);
});
