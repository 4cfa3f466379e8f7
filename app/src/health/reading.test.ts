import AsyncStorage from '@react-native-async-storage/async-storage';

import { ApiError, UnreachableError } from '@/api/errors';

import { disconnect, kindState, readHealth, readState, turn, type Ways } from './reading';
import {
  type Changes,
  type DailyKind,
  type HealthKind,
  type HealthRecords,
  type HealthStore,
  type Measurement,
  NotAllowedError,
  type Permission,
  type PhoneWorkout,
  type WorkoutId,
} from './types';

const NOW = new Date('2026-03-20T12:00:00Z');
const OWNER = 'ada';

const weight = (at: string): Measurement => ({
  kind: 'body_mass',
  value: 70,
  at,
  utc_offset_s: 0,
  device: 'Scale',
});

/** A health store in memory, in the place of the phone's. */
class Store implements HealthStore {
  name = 'apple_health' as const;
  days = 10;
  refused = new Set<HealthKind>();
  records: Measurement[] = [];
  found: WorkoutId[] = [];
  next: Partial<Changes> = {};
  asked: (string | null)[] = [];
  /** What the system says when it takes a permission back between two questions. */
  denies = false;

  openSettings = () => undefined;
  availability = () => Promise.resolve('ready' as const);
  permission = (kind: HealthKind): Promise<Permission> =>
    Promise.resolve(this.refused.has(kind) ? 'refused' : 'allowed');
  ask = this.permission;
  changes = (_kind: string, cursor: string | null): Promise<Changes> => {
    this.asked.push(cursor);
    const fresh = cursor === null ? { touched: null, deleted: false } : { touched: [], deleted: false };
    return Promise.resolve({ ...fresh, cursor: `c${this.asked.length}`, ...this.next });
  };
  read = (kind: DailyKind, { start, end }: { start: Date; end: Date }) => {
    if (this.denies) return Promise.reject(new NotAllowedError());
    const within = this.records.filter(({ at }) => new Date(at) >= start && new Date(at) <= end);
    return Promise.resolve({ measurements: kind === 'body_mass' ? within : [], sleep: [] });
  };
  workouts = () => Promise.resolve(this.found);
  workout = ({ id, start, end }: WorkoutId, parts: { heartRate: boolean; route: boolean }) =>
    Promise.resolve(
      this.found.some((one) => one.id === id)
        ? ({
            id,
            started_at: start,
            ended_at: end,
            heart_rate: parts.heartRate ? [[0, 100]] : [],
          } as unknown as PhoneWorkout)
        : null,
    );
}

function ways(store: Store) {
  const sent: { records: HealthRecords; key: string }[] = [];
  const workouts: { workout: PhoneWorkout; key: string }[] = [];
  let keys = 0;
  const made: Ways & { fails: Error | null; sent: typeof sent; workouts: typeof workouts } = {
    store,
    fails: null,
    sent,
    workouts,
    newKey: () => `key${(keys += 1)}`,
    now: () => NOW,
    sendRecords: (records, key) =>
      made.fails === null ? Promise.resolve(sent.push({ records, key })) : Promise.reject(made.fails),
    sendWorkout: (workout, key) =>
      made.fails === null ? Promise.resolve(workouts.push({ workout, key })) : Promise.reject(made.fails),
  };
  return made;
}

const refusal = (status: number) => new ApiError(status, 'consent_missing', 'No.', null);

beforeEach(() => AsyncStorage.clear());

it('reads nothing until something is allowed', async () => {
  const out = ways(new Store());
  expect(await readHealth(OWNER, out)).toEqual({ sent: 0, waiting: 0 });
  expect(out.store).toMatchObject({ asked: [] });
});

it('reads all there is at first and then only the days of what changed', async () => {
  const store = new Store();
  store.records = [weight('2026-03-12T06:00:00Z'), weight('2026-03-19T06:00:00Z')];
  const out = ways(store);
  await turn(OWNER, 'body_mass', true, 'allowed');
  await readHealth(OWNER, out);
  expect(out.sent.map(({ records }) => [records.first, records.last, records.measurements?.length])).toEqual([
    ['2026-03-11', '2026-03-20', 2],
  ]);
  const at = new Date('2026-03-19T06:00:00Z');
  store.next = { touched: [{ start: at, end: at }] };
  await readHealth(OWNER, out);
  expect(out.sent[1]?.records).toMatchObject({ first: '2026-03-18', last: '2026-03-20', gone: [] });
  store.next = {};
  await readHealth(OWNER, out);
  expect(out.sent).toHaveLength(2);
  expect(store.asked).toEqual([null, 'c1', 'c2']);
});

it('keeps what cannot be sent and sends it once, with its key, when it can', async () => {
  const store = new Store();
  store.records = [weight('2026-03-12T06:00:00Z')];
  store.found = [{ id: 'run', start: '2026-03-15T06:00:00Z', end: '2026-03-15T07:00:00Z' }];
  const out = ways(store);
  out.fails = new UnreachableError();
  await turn(OWNER, 'body_mass', true, 'allowed');
  await turn(OWNER, 'workouts', true, 'allowed');
  expect(await readHealth(OWNER, out)).toEqual({ sent: 0, waiting: 2 });
  // Somebody else who signs in on the phone neither sends it nor sees it.
  expect(await readHealth('bob', ways(store))).toEqual({ sent: 0, waiting: 0 });
  out.fails = null;
  expect(await readHealth(OWNER, out)).toEqual({ sent: 2, waiting: 0 });
  expect(await readHealth(OWNER, out)).toEqual({ sent: 0, waiting: 0 });
  expect(out.sent).toHaveLength(1);
  expect(out.workouts.map(({ workout }) => workout.id)).toEqual(['run']);
  expect(new Set([out.sent[0]?.key, out.workouts[0]?.key]).size).toBe(2);
});

it('tells the days anew, and that something is gone, when records were deleted', async () => {
  const store = new Store();
  const out = ways(store);
  await turn(OWNER, 'hrv', true, 'allowed');
  await readHealth(OWNER, out);
  expect(out.sent).toEqual([]);
  store.next = { deleted: true };
  await readHealth(OWNER, out);
  expect(out.sent.map(({ records }) => records)).toEqual([
    {
      source: 'apple_health',
      first: '2026-03-11',
      last: '2026-03-20',
      measurements: [],
      sleep: [],
      gone: ['hrv_sdnn'],
    },
  ]);
});

it('leaves out a workout that is gone before it was sent, and reads again when pulse is allowed', async () => {
  const store = new Store();
  const out = ways(store);
  store.found = [{ id: 'run', start: '2026-03-15T06:00:00Z', end: '2026-03-15T07:00:00Z' }];
  await turn(OWNER, 'workouts', true, 'allowed');
  out.fails = new UnreachableError();
  await readHealth(OWNER, out);
  store.found = [];
  out.fails = null;
  expect(await readHealth(OWNER, out)).toEqual({ sent: 0, waiting: 0 });
  store.found = [{ id: 'ride', start: '2026-03-16T06:00:00Z', end: '2026-03-16T07:00:00Z' }];
  await turn(OWNER, 'heart_rate', true, 'allowed');
  await readHealth(OWNER, out);
  expect(out.workouts.map(({ workout }) => [workout.id, workout.heart_rate.length])).toEqual([['ride', 1]]);
});

it('stops with a permission that was taken back and begins anew when it is given again', async () => {
  const store = new Store();
  const out = ways(store);
  await turn(OWNER, 'sleep', true, 'allowed');
  await turn(OWNER, 'body_mass', true, 'allowed');
  await readHealth(OWNER, out);
  store.refused.add('sleep');
  store.denies = true;
  store.next = { deleted: true };
  await readHealth(OWNER, out);
  const state = await readState(OWNER);
  for (const kind of ['sleep', 'body_mass'] as const)
    expect(kindState(state, kind)).toMatchObject({ on: false, cursor: null, problem: 'refused' });
  expect(out.sent).toEqual([]);
  await turn(OWNER, 'sleep', true, 'refused');
  expect(kindState(await readState(OWNER), 'sleep').on).toBe(false);
  await turn(OWNER, 'sleep', true, 'allowed');
  expect(kindState(await readState(OWNER), 'sleep')).toMatchObject({ on: true, cursor: null, problem: null });
});

it('keeps nothing that the server refuses, and says so', async () => {
  const store = new Store();
  store.records = [weight('2026-03-12T06:00:00Z')];
  const out = ways(store);
  await turn(OWNER, 'body_mass', true, 'allowed');
  out.fails = refusal(403);
  await readHealth(OWNER, out);
  expect(kindState(await readState(OWNER), 'body_mass')).toMatchObject({
    cursor: null,
    problem: 'not_taken',
  });
  out.fails = refusal(429);
  expect(await readHealth(OWNER, out)).toEqual({ sent: 0, waiting: 1 });
  out.fails = null;
  expect(await readHealth(OWNER, out)).toEqual({ sent: 1, waiting: 0 });
  expect(kindState(await readState(OWNER), 'body_mass').problem).toBeNull();
});

it.each(['turned off', 'disconnected'])('forgets what waits when it is %s', async (how) => {
  const store = new Store();
  store.records = [weight('2026-03-12T06:00:00Z')];
  const out = ways(store);
  out.fails = new UnreachableError();
  await turn(OWNER, 'body_mass', true, 'allowed');
  expect(await readHealth(OWNER, out)).toEqual({ sent: 0, waiting: 1 });
  if (how === 'turned off') await turn(OWNER, 'body_mass', false, 'unknown');
  else await disconnect(OWNER);
  out.fails = null;
  expect(await readHealth(OWNER, out)).toEqual({ sent: 0, waiting: 0 });
  expect(kindState(await readState(OWNER), 'body_mass')).toMatchObject({ on: false, cursor: null });
});
