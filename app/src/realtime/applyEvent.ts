/** What an event does to what the app already holds: the same as fetching afresh would. */
import type { InfiniteData, QueryClient } from '@tanstack/react-query';

import { keys } from '@/api/queries';
import type { ActivityPage, FormCheckPage, Job, JobPage } from '@/api/types';

import type { ServerEvent } from './eventStream';
import staleAfter from './staleAfter.json';

export type EventType = keyof typeof staleAfter;

/** The server writes whole seconds without a fraction, which would sort behind every fraction of them. */
function comparable(moment: string): string {
  const [seconds = '', fraction = ''] = moment.replace(/Z$/, '').split('.');
  return `${seconds}.${fraction.padEnd(6, '0')}`;
}

/** Puts the job in its place: newest first, and never an older state over a newer one. */
export function withJob(page: JobPage, job: Job): JobPage {
  const known = page.items.find((item) => item.id === job.id);
  if (known && comparable(known.updated_at) > comparable(job.updated_at)) return page;
  const others = page.items.filter((item) => item.id !== job.id);
  const items = [...others, job].sort((a, b) =>
    comparable(b.created_at).localeCompare(comparable(a.created_at)),
  );
  return { ...page, items };
}

/** Whether the job is on another page than this first one. */
function isFurtherBack(page: JobPage, job: Job): boolean {
  const last = page.items.at(-1);
  if (page.next_cursor === null || last === undefined) return false;
  return comparable(job.created_at) < comparable(last.created_at);
}

type WithIds = { items: readonly { id: string }[] };

/** Takes one entry out of the pages that hold it. */
export function withoutEntry<Page extends WithIds>(
  pages: InfiniteData<Page, string | null>,
  id: string,
): InfiniteData<Page, string | null> {
  return {
    ...pages,
    pages: pages.pages.map((page) => ({ ...page, items: page.items.filter((item) => item.id !== id) })),
  };
}

function idOf(data: unknown): string | null {
  if (typeof data !== 'object' || data === null) return null;
  const { id } = data as { id?: unknown };
  return typeof id === 'string' ? id : null;
}

function isPaged<Page>(value: unknown): value is InfiniteData<Page, string | null> {
  return typeof value === 'object' && value !== null && 'pages' in value;
}

function dropEntry<Page extends WithIds>(client: QueryClient, key: readonly string[], id: string): void {
  client.setQueriesData({ queryKey: key }, (held: unknown) =>
    isPaged<Page>(held) ? withoutEntry(held, id) : held,
  );
}

/**
 * Has everything below a key fetched again, so that its answer is not older than this call.
 *
 * A first fetch that is under way is not begun again by an invalidation: what it brings is fetched anew once it is there.
 */
export function fetchAgain(client: QueryClient, queryKey: readonly string[]): void {
  const first = client.getQueryCache().findAll({
    queryKey,
    predicate: ({ state }) => state.data === undefined && state.fetchStatus !== 'idle',
  });
  for (const query of first) {
    const again = () => client.invalidateQueries({ queryKey: query.queryKey, exact: true });
    void query.promise?.then(again, again);
  }
  void client.invalidateQueries({ queryKey });
}

function writeJob(client: QueryClient, job: Job): void {
  const held = client.getQueryData<JobPage>(keys.jobs);
  if (held !== undefined && isFurtherBack(held, job)) return;
  const isKnown = held?.items.some((item) => item.id === job.id) ?? false;
  if (held !== undefined) client.setQueryData(keys.jobs, withJob(held, job));
  // A job that is new here moves others to the next page, and an answer under way may be older than the event.
  if (!isKnown || client.isFetching({ queryKey: keys.jobs }) > 0) fetchAgain(client, keys.jobs);
}

/** Writes what the event says itself, so that it is seen before anything is fetched. */
function write(client: QueryClient, event: ServerEvent, id: string | null): void {
  if (event.type === 'job.updated') writeJob(client, event.data as Job);
  if (id === null) return;
  if (event.type === 'activity.deleted') {
    dropEntry<ActivityPage>(client, keys.activities, id);
    client.removeQueries({ queryKey: keys.activity(id) });
  }
  if (event.type === 'form_check.deleted') {
    dropEntry<FormCheckPage>(client, keys.formChecks, id);
    client.removeQueries({ queryKey: keys.formCheck(id) });
  }
}

/** The keys below which an event makes everything stale; `[]` is above all of them. */
export function staleKeys(type: EventType, id: string | null): string[][] {
  return staleAfter[type].map((key) =>
    key
      .split('/')
      .flatMap((part) =>
        part === '' || (part === ':id' && id === null) ? [] : [part === ':id' ? id! : part],
      ),
  );
}

export function isEventType(type: string): type is EventType {
  return Object.hasOwn(staleAfter, type);
}

export function applyEvent(client: QueryClient, event: ServerEvent): void {
  if (!isEventType(event.type)) return;
  const id = idOf(event.data);
  write(client, event, id);
  for (const key of staleKeys(event.type, id)) fetchAgain(client, key);
}
