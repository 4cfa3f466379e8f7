/** From the health store of the phone to the server: what is new since the last time, once, and again if it was cut off. */
import AsyncStorage from '@react-native-async-storage/async-storage';

import { ApiError } from '@/api/errors';
import { queueOf, stored } from '@/live/queue';

import { dayAfter, dayOf, phoneOffsetS, rangesOf, stretchOf } from './time';
import {
  dailyKinds,
  type DailyKind,
  type HealthKind,
  type HealthRecords,
  type HealthStore,
  healthKinds,
  NotAllowedError,
  type Permission,
  type PhoneWorkout,
  type ReadKind,
  type WorkoutId,
} from './types';

const DAY_MS = 86_400_000;
const STATE = 'topform.health';
const RECORDS = 'topform.health.records';
const WORKOUTS = 'topform.health.workouts';

/** What is kept of one kind between two reads. */
export type KindState = {
  /** Whether the person wants it to be read. */
  on: boolean;
  cursor: string | null;
  readAt: string | null;
  /** Why the last read did not end well. */
  problem: 'refused' | 'not_taken' | null;
};
export type HealthState = Partial<Record<HealthKind, KindState>>;

const never: KindState = { on: false, cursor: null, readAt: null, problem: null };
export const kindState = (state: HealthState, kind: HealthKind): KindState => state[kind] ?? never;
export const isOn = (state: HealthState): boolean => healthKinds.some((kind) => kindState(state, kind).on);

const stateKey = (owner: string) => `${STATE}.${owner}`;

export async function readState(owner: string): Promise<HealthState> {
  return (await stored<HealthState>(stateKey(owner))) ?? {};
}

async function change(owner: string, kind: HealthKind, changed: Partial<KindState>): Promise<void> {
  const state = await readState(owner);
  await AsyncStorage.setItem(
    stateKey(owner),
    JSON.stringify({ ...state, [kind]: { ...kindState(state, kind), ...changed } }),
  );
}

/** Has a kind be read from now on, or not any more; what waits of it then goes, and a later yes begins anew. */
export async function turn(owner: string, kind: HealthKind, on: boolean, answer: Permission): Promise<void> {
  const refused = on && answer === 'refused';
  await change(owner, kind, { on: on && !refused, cursor: null, problem: refused ? 'refused' : null });
  if (!on) await forget(owner, kind);
  // Workouts that were read without their pulse or their route are read again with them.
  if (on && (kind === 'heart_rate' || kind === 'routes')) await change(owner, 'workouts', { cursor: null });
}

type Waiting = { id: string; owner: string; key: string };
export type WaitingRecords = Waiting & { records: HealthRecords };
export type WaitingWorkout = Waiting & { workout: WorkoutId };

const records = queueOf<WaitingRecords>(RECORDS);
const workouts = queueOf<WaitingWorkout>(WORKOUTS);

async function forget(owner: string, kind: HealthKind): Promise<void> {
  const queue = kind === 'workouts' ? workouts : records;
  for (const { id } of await queue.waiting(owner))
    if (kind === 'workouts' || kindOf(id) === kind) await queue.take(id);
}

/** Forgets what was read and what waits; what the server has stays there. */
export async function disconnect(owner: string): Promise<void> {
  for (const kind of healthKinds) await forget(owner, kind);
  await AsyncStorage.removeItem(stateKey(owner));
}

/** The ways out of this module, which tests put others in the place of. */
export type Ways = {
  store: HealthStore;
  sendRecords: (records: HealthRecords, key: string) => Promise<unknown>;
  sendWorkout: (workout: PhoneWorkout, key: string) => Promise<unknown>;
  newKey: () => string;
  now: () => Date;
};

export type ReadResult = {
  /** How many stretches of days and workouts the server took. */
  sent: number;
  /** How many wait for the network. */
  waiting: number;
};

let running: Promise<ReadResult> | null = null;

/** Reads what is new of the kinds that are on and sends it; a second call while one runs waits for the same. */
export function readHealth(owner: string, ways: Ways): Promise<ReadResult> {
  running ??= readAndSend(owner, ways).finally(() => {
    running = null;
  });
  return running;
}

async function readAndSend(owner: string, ways: Ways): Promise<ReadResult> {
  let sent = await flushRecords(owner, ways);
  if ((await ways.store.availability()) === 'ready') {
    sent += await flushWorkouts(owner, ways);
    for (const kind of dailyKinds) {
      if (!kindState(await readState(owner), kind).on) continue;
      await readKind(owner, kind, ways);
      sent += await flushRecords(owner, ways);
    }
    if (kindState(await readState(owner), 'workouts').on) {
      await readKind(owner, 'workouts', ways);
      sent += await flushWorkouts(owner, ways);
    }
  }
  const waiting = (await records.waiting(owner)).length + (await workouts.waiting(owner)).length;
  return { sent, waiting };
}

async function readKind(owner: string, kind: ReadKind, ways: Ways): Promise<void> {
  const { store } = ways;
  if (!mayRead(await store.permission(kind))) {
    await change(owner, kind, { on: false, cursor: null, problem: 'refused' });
    return;
  }
  const now = ways.now();
  const since = new Date(now.getTime() - store.days * DAY_MS);
  try {
    const { cursor } = kindState(await readState(owner), kind);
    const changes = await store.changes(kind, cursor, since);
    const window = { start: since, end: now };
    // A workout that was deleted on the phone stays in the diary; a day is told anew, since it does not say which.
    if (kind === 'workouts') await queueWorkouts(owner, changes.touched ?? [window], since, ways);
    else {
      const touched = changes.deleted ? [window] : (changes.touched ?? [window]);
      await queueDays(owner, kind, touched, changes.deleted, since, ways);
    }
    // What was read waits in the queue: from here on it can be read on from the new place.
    await change(owner, kind, { cursor: changes.cursor, readAt: now.toISOString(), problem: null });
  } catch (error) {
    if (!(error instanceof NotAllowedError)) throw error;
    await change(owner, kind, { on: false, cursor: null, problem: 'refused' });
  }
}

const mayRead = (permission: Permission) => permission === 'allowed' || permission === 'unknown';

async function queueDays(
  owner: string,
  kind: DailyKind,
  touched: readonly { start: Date; end: Date }[],
  deleted: boolean,
  since: Date,
  { store, newKey, now }: Ways,
): Promise<void> {
  // The first day is left out: of its night or its morning the window may hold only a part.
  const first = dayAfter(dayOf(since, phoneOffsetS(since)));
  const within = { first, last: dayOf(now(), phoneOffsetS(now())) };
  for (const range of rangesOf(touched, within)) {
    const read = await store.read(kind, stretchOf(range));
    if (!deleted && read.measurements.length === 0 && read.sleep.length === 0) continue;
    const gone: HealthRecords['gone'] = deleted ? [recordKind(kind, store)] : [];
    await records.put({
      id: `${owner}:${kind}:${range.first}:${range.last}`,
      owner,
      key: newKey(),
      records: { source: store.name, ...range, ...read, gone },
    });
  }
}

function recordKind(
  kind: DailyKind,
  store: HealthStore,
): 'resting_hr' | 'hrv_sdnn' | 'hrv_rmssd' | 'sleep' | 'body_mass' {
  if (kind !== 'hrv') return kind;
  return store.name === 'apple_health' ? 'hrv_sdnn' : 'hrv_rmssd';
}

async function queueWorkouts(
  owner: string,
  touched: readonly { start: Date; end: Date }[],
  since: Date,
  { store, newKey }: Ways,
): Promise<void> {
  const found = new Map<string, WorkoutId>();
  for (const stretch of touched)
    for (const workout of await store.workouts(stretch))
      if (new Date(workout.start) >= since) found.set(workout.id, workout);
  for (const workout of found.values())
    await workouts.put({ id: `${owner}:${workout.id}`, owner, key: newKey(), workout });
}

/** Sends what waits, oldest first; the first thing that does not reach the server ends it. */
async function flushRecords(owner: string, ways: Ways): Promise<number> {
  let sent = 0;
  for (const { id, key, records: held } of await records.waiting(owner)) {
    if (
      !(await reached(
        () => ways.sendRecords(held, key),
        () => refuse(owner, kindOf(id)),
      ))
    )
      return sent;
    await records.take(id);
    sent += 1;
  }
  return sent;
}

/** Workouts wait by their names only: each is read whole when its turn comes. */
async function flushWorkouts(owner: string, ways: Ways): Promise<number> {
  let sent = 0;
  const waiting = await workouts.waiting(owner);
  if (waiting.length === 0) return sent;
  const state = await readState(owner);
  // A phone that was set up from a copy of another knows what was wanted there, and has not been asked itself.
  const may = async (kind: HealthKind) =>
    kindState(state, kind).on && mayRead(await ways.store.permission(kind));
  if (!(await may('workouts'))) return sent;
  const parts = { heartRate: await may('heart_rate'), route: await may('routes') };
  for (const { id, key, workout } of waiting) {
    const whole = await wholeWorkout(owner, workout, parts, ways);
    if (whole !== null) {
      if (
        !(await reached(
          () => ways.sendWorkout(whole, key),
          () => refuse(owner, 'workouts'),
        ))
      )
        return sent;
      sent += 1;
    }
    await workouts.take(id);
  }
  return sent;
}

async function wholeWorkout(
  owner: string,
  workout: WorkoutId,
  parts: { heartRate: boolean; route: boolean },
  { store }: Ways,
): Promise<PhoneWorkout | null> {
  try {
    return await store.workout(workout, parts);
  } catch (error) {
    if (!(error instanceof NotAllowedError)) throw error;
    await change(owner, 'workouts', { on: false, cursor: null, problem: 'refused' });
    return null;
  }
}

const kindOf = (id: string): DailyKind => dailyKinds.find((kind) => id.includes(`:${kind}:`)) ?? 'sleep';

/** What the server will not take, such as without consent, does not wait here; it is read again when that changes. */
const refuse = (owner: string, kind: ReadKind) => change(owner, kind, { cursor: null, problem: 'not_taken' });

/** Answers that may be another one later. */
const passing = new Set([401, 408, 409, 425, 429]);

async function reached(send: () => Promise<unknown>, refused: () => Promise<void>): Promise<boolean> {
  try {
    await send();
    return true;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status >= 500 || passing.has(error.status)) return false;
    await refused();
    return true;
  }
}
