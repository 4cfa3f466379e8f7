import { ApiError, isPassing, UnreachableError } from '@/api/errors';
import type { Job } from '@/api/types';

import { type Chosen, hasRoom, MOST_BYTES, MOST_FILES, NoRoomError, type Shelf } from './shelfTypes';
import { isWaiting, uploadLine } from './uploadLine';

/** What outlives the app on one device. */
function device(room = Infinity) {
  const kept: Chosen[] = [];
  const shelf: Shelf = {
    put: async (chosen) => {
      if (kept.length >= room) throw new NoRoomError();
      kept.push(chosen);
    },
    waiting: async (owner) => kept.filter((one) => one.owner === owner),
    holds: async (id) => kept.some((one) => one.id === id),
    take: async (id) => void kept.splice(0, kept.length, ...kept.filter((one) => one.id !== id)),
    clear: async (owner) => void kept.splice(0, kept.length, ...kept.filter((one) => one.owner !== owner)),
    askToStay: async () => undefined,
    alone: (work) => work(),
  };
  return { kept, shelf };
}

type Reach = 'yes' | 'no' | 'answer lost' | 'refuses' | 'hangs';

/** A server that stores each key once and can be out of reach, before it hears or after. */
function server() {
  const there = { stored: new Map<string, string>(), heard: 0, reach: 'yes' as Reach, signedIn: 'lena' };
  const wires = {
    whoIsIn: async () => {
      if (there.reach === 'no') throw new UnreachableError();
      return there.signedIn;
    },
    post: async ({ id, file }: Chosen, onProgress: (sent: number) => void, signal: AbortSignal) => {
      there.heard++;
      onProgress(0.5);
      if (there.reach === 'refuses') throw new ApiError(415, 'unknown_format', 'No', null);
      if (there.reach === 'hangs')
        await new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(new UnreachableError())),
        );
      there.stored.set(id, file.name);
      if (there.reach === 'answer lost') throw new UnreachableError();
      return { id: `job of ${file.name}` } as Job;
    },
  };
  return { there, wires };
}

const picked = (name: string) => ({ name, size: 3, part: new Blob(['abc']) });
const kindOf = () => 'activity' as const;
const names = (line: ReturnType<typeof uploadLine>) => line.entries().map(({ file }) => file.name);

test('what is chosen without a network is kept over the end of the app and stored once', async () => {
  const { kept, shelf } = device();
  const { there, wires } = server();
  there.reach = 'no';
  const before = uploadLine({ shelf, ...wires });
  await before.open('lena');
  await before.add('lena', [picked('a.fit'), picked('b.fit')], kindOf);
  expect(before.entries().every(isWaiting)).toBe(true);
  expect(kept.map(({ file }) => file.name)).toEqual(['a.fit', 'b.fit']);

  const after = uploadLine({ shelf, ...wires });
  const jobs: string[] = [];
  after.onJob((job) => jobs.push(job.id));
  await after.open('lena');
  expect(names(after)).toEqual(['a.fit', 'b.fit']);
  there.reach = 'answer lost';
  await after.sendWaiting();
  there.reach = 'yes';
  await Promise.all([after.sendWaiting(), after.sendWaiting()]);
  expect([...there.stored.values()]).toEqual(['a.fit', 'b.fit']);
  expect(jobs).toEqual(['job of a.fit', 'job of b.fit']);
  expect(there.heard).toBe(3);
  expect(after.entries()).toEqual([]);
  expect(kept).toEqual([]);
});

test('another account on the device neither sees nor sends them', async () => {
  const { kept, shelf } = device();
  const { there, wires } = server();
  there.reach = 'no';
  const line = uploadLine({ shelf, ...wires });
  await line.add('lena', [picked('a.fit')], kindOf);
  there.reach = 'yes';
  there.signedIn = 'max';
  await line.open('max');
  await line.sendWaiting();
  expect(line.entries()).toEqual([]);
  expect(there.heard).toBe(0);
  expect(kept).toHaveLength(1);
  there.signedIn = 'lena';
  await line.open('lena');
  expect([...there.stored.values()]).toEqual(['a.fit']);
});

test('a window in which somebody else has signed in meanwhile sends nothing', async () => {
  const { kept, shelf } = device();
  const { there, wires } = server();
  there.signedIn = 'max';
  const line = uploadLine({ shelf, ...wires });
  await line.add('lena', [picked('a.fit')], kindOf);
  expect(there.heard).toBe(0);
  expect(line.entries()).toEqual([]);
  expect(kept).toHaveLength(1);
});

test('what another window has sent or taken back is not sent again', async () => {
  const { shelf } = device();
  const { there, wires } = server();
  there.reach = 'no';
  const one = uploadLine({ shelf, ...wires });
  await one.add('lena', [picked('a.fit')], kindOf);
  const other = uploadLine({ shelf, ...wires });
  await other.open('lena');
  there.reach = 'yes';
  await one.sendWaiting();
  await other.sendWaiting();
  expect(there.heard).toBe(1);
  expect(other.entries()).toEqual([]);
});

test('signing out deletes what waits of that athlete only', async () => {
  const { kept, shelf } = device();
  const { there, wires } = server();
  there.reach = 'no';
  const line = uploadLine({ shelf, ...wires });
  await line.add('max', [picked('m.fit')], kindOf);
  await line.open('lena');
  await line.add('lena', [picked('a.fit')], kindOf);
  expect(await line.unsent('lena')).toBe(1);
  await line.clear('lena');
  expect(kept.map(({ owner }) => owner)).toEqual(['max']);
  expect(await line.unsent('lena')).toBe(0);
});

test('a file can be taken back while it is sent, and the next one goes on', async () => {
  const { kept, shelf } = device();
  const { there, wires } = server();
  there.reach = 'hangs';
  const line = uploadLine({ shelf, ...wires });
  const adding = line.add('lena', [picked('a.fit'), picked('b.fit')], kindOf);
  while (line.entries()[0]?.sent !== 0.5) await new Promise((resolve) => setTimeout(resolve));
  there.reach = 'yes';
  await line.cancel(line.entries()[0]?.id ?? '');
  await adding;
  expect([...there.stored.values()]).toEqual(['b.fit']);
  expect(kept).toEqual([]);
});

test('what the server refuses is told, not kept, and can be tried again while the page is open', async () => {
  const { kept, shelf } = device();
  const { there, wires } = server();
  there.reach = 'refuses';
  const line = uploadLine({ shelf, ...wires });
  await line.add('lena', [picked('a.fit')], kindOf);
  expect(line.entries()[0]).toMatchObject({ isKept: false, error: { code: 'unknown_format' } });
  expect(kept).toEqual([]);
  there.reach = 'yes';
  await line.retry(line.entries()[0]?.id ?? '');
  expect([...there.stored.values()]).toEqual(['a.fit']);
});

test('where the device has no room the file is sent all the same, and it is said that it is not kept', async () => {
  const { shelf } = device(0);
  const { there, wires } = server();
  there.reach = 'no';
  const line = uploadLine({ shelf, ...wires });
  await line.add('lena', [picked('a.fit')], kindOf);
  expect(line.entries()).toMatchObject([{ isKept: false }]);
  there.reach = 'yes';
  await line.sendWaiting();
  expect([...there.stored.values()]).toEqual(['a.fit']);
});

test('no connection, no session and a busy server pass; a refusal does not', () => {
  const answered = (status: number) => new ApiError(status, 'code', 'message', null);
  expect([new UnreachableError(), answered(401), answered(429), answered(503)].map(isPassing)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect([answered(403), answered(413), answered(415), null].map(isPassing)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

test('what a device keeps is bounded in number and in size', () => {
  expect(hasRoom([], MOST_BYTES)).toBe(true);
  expect(hasRoom([1], MOST_BYTES)).toBe(false);
  expect(hasRoom([null], null)).toBe(true);
  expect(hasRoom(Array<number>(MOST_FILES).fill(0), 1)).toBe(false);
});
