/** What survives a crash: the workout under way after every change, and finished ones until the server has them. */

import { queueOf, stored } from '../queue';
import { store } from '../store';
import type { Sample, Workout } from './workout';

const CURRENT_KEY = 'topform.live.workout';
/** Samples are kept in pieces, so that keeping the fifth hour costs no more than keeping the first minute. */
const PIECE_KEY = 'topform.live.samples.';
const PIECE = 300;
const queue = queueOf<Workout>('topform.live.waiting');

type Kept = Omit<Workout, 'samples'> & { sampleCount?: number };

/** How many samples of which workout are kept already. */
let written: { id: string; samples: number } | null = null;

/** One writing at a time: what is kept last is what is there. */
let line: Promise<void> = Promise.resolve();

function inTurn(write: () => Promise<void>): Promise<void> {
  const turn = line.then(write);
  line = turn.catch(() => undefined);
  return turn;
}

export const keep = (workout: Workout): Promise<void> => inTurn(() => write(workout));

async function write(workout: Workout): Promise<void> {
  const { samples, ...rest } = workout;
  const done = written?.id === workout.id ? written.samples : 0;
  // Pieces first: what is kept of the workout never speaks of samples that are not there.
  for (let piece = Math.floor(done / PIECE); piece * PIECE < samples.length; piece++) {
    const text = JSON.stringify(samples.slice(piece * PIECE, (piece + 1) * PIECE));
    await store.set(`${PIECE_KEY}${piece}`, text);
  }
  const kept: Kept = { ...rest, sampleCount: samples.length };
  await store.set(CURRENT_KEY, JSON.stringify(kept));
  written = { id: workout.id, samples: samples.length };
}

/** The workout under way of an athlete; null for another's. */
export async function kept(owner: string): Promise<Workout | null> {
  const found = await stored<Kept>(CURRENT_KEY);
  if (found === null || found.owner !== owner) return null;
  const { sampleCount = 0, ...workout } = found;
  const samples: Sample[] = [];
  for (let piece = 0; piece * PIECE < sampleCount; piece++) {
    samples.push(...((await stored<Sample[]>(`${PIECE_KEY}${piece}`)) ?? []));
  }
  return whole({ ...workout, samples: samples.slice(0, sampleCount) });
}

async function erase(): Promise<void> {
  await store.remove(CURRENT_KEY);
  const keys = await store.keys();
  for (const key of keys.filter((one) => one.startsWith(PIECE_KEY))) await store.remove(key);
  written = null;
}

/** Finished workouts of an athlete that the server does not have yet. */
export async function waiting(owner: string): Promise<Workout[]> {
  // What was finished a moment ago is being put in line.
  await line;
  return (await queue.waiting(owner)).map(whole);
}
export const dequeue = queue.take;

/** Delete from this device what the server does not have of an athlete, the workout under way included. */
export const forget = (owner: string): Promise<void> =>
  inTurn(async () => {
    await queue.forget(owner);
    if ((await stored<Kept>(CURRENT_KEY))?.owner === owner) await erase();
  });

/** Put a finished workout in line and take it out of the player, whatever happens to the network. */
export const enqueue = (workout: Workout): Promise<void> =>
  inTurn(async () => {
    await queue.put(workout);
    await erase();
  });

/** What was kept before the app knew of samples has none. */
const whole = (workout: Partial<Pick<Workout, 'samples' | 'distanceM'>> & Workout): Workout => ({
  ...workout,
  samples: workout.samples ?? [],
  distanceM: workout.distanceM ?? null,
});
