/** Sends finished workouts; what the server cannot be told now stays in line. */

import { ApiError, UnreachableError } from '@/api/errors';
import { uploadFile } from '@/api/upload';

import { postSet } from '../sets/send';
import { fitFile } from './fit';
import { dequeue, waiting } from './kept';
import { filePart } from './filePart';
import type { Workout } from './workout';

/** One sending at a time: two screens may ask at once. */
let sending: Promise<number> | null = null;

/** Send everything that waits; returns how many still do. */
export function sendWaiting(owner: string): Promise<number> {
  sending ??= sendAll(owner).finally(() => {
    sending = null;
  });
  return sending;
}

async function sendAll(owner: string): Promise<number> {
  const all = await waiting(owner);
  for (const [index, workout] of all.entries()) {
    try {
      await send(workout);
    } catch (error) {
      if (error instanceof UnreachableError) return all.length - index;
      throw error;
    }
    await dequeue(workout.id);
  }
  return 0;
}

async function send(workout: Workout): Promise<void> {
  const day = new Date(workout.startedMs);
  const octets = fitFile(workout, day.getTimezoneOffset());
  const name = `topform-${day.toISOString().slice(0, 16).replace(/[:T]/g, '-')}.fit`;
  await uploadFile({
    path: '/api/v1/activities/uploads',
    file: { name, size: octets.length, part: await filePart(name, octets) },
    key: workout.id,
    onProgress: () => undefined,
  });
  for (const [index, { seen }] of workout.sets.entries()) {
    if (seen !== undefined) await postSeen({ id: `${workout.id}-set-${index + 1}`, set: seen });
  }
}

async function postSeen(seen: Parameters<typeof postSet>[0]): Promise<void> {
  try {
    await postSet(seen);
  } catch (error) {
    // The athlete took the consent back meanwhile: the session is stored, what the camera saw of it is not.
    if (!(error instanceof ApiError && error.code === 'consent_missing')) throw error;
  }
}
