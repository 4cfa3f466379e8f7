/** Sets before the camera that the athlete saved: kept on the device until the server has each of them, once. */

import { answer, api } from '@/api/client';
import { UnreachableError } from '@/api/errors';
import type { components } from '@/api/schema';

import { queueOf, type Queued } from '../queue';

type LiveSet = components['schemas']['LiveSet'];

/** The id is the key under which the server stores it once, however often it is sent. */
export type WaitingSet = Queued & { set: LiveSet };

/** Sets on their way to a server that answers with the id of the form check. */
export function outboxOf(post: (one: WaitingSet) => Promise<string>) {
  const queue = queueOf<WaitingSet>('topform.live.sets');
  /** One sending at a time: two screens may ask at once. */
  let sending: Promise<number> | null = null;
  const send = async (one: WaitingSet): Promise<string> => {
    const id = await post(one);
    await queue.take(one.id);
    return id;
  };
  const sendAll = async (owner: string): Promise<number> => {
    const all = await queue.waiting(owner);
    for (const [index, one] of all.entries()) {
      try {
        await send(one);
      } catch (error) {
        if (error instanceof UnreachableError) return all.length - index;
        throw error;
      }
    }
    return 0;
  };
  return {
    /** Sets of an athlete that the server does not have yet. */
    waiting: queue.waiting,
    /** Delete them from this device. */
    forget: queue.forget,
    /** Put a set in line and try to send it; returns its form check, or null while it waits for a connection. */
    save: async (one: WaitingSet): Promise<string | null> => {
      await queue.put(one);
      try {
        return await send(one);
      } catch (error) {
        if (error instanceof UnreachableError) return null;
        // The athlete is told, has it on the screen, and can try again.
        await queue.take(one.id);
        throw error;
      }
    },
    /** Send everything that waits; returns how many still do. */
    sendAll: (owner: string): Promise<number> => {
      sending ??= sendAll(owner).finally(() => {
        sending = null;
      });
      return sending;
    },
  };
}

/** Store a set on the server, once for an id; returns its form check. */
export async function postSet({ id, set }: Pick<WaitingSet, 'id' | 'set'>): Promise<string> {
  const saved = await answer(
    api().POST('/api/v1/form-checks/live', { body: set, params: { header: { 'Idempotency-Key': id } } }),
  );
  return saved.id;
}

export const {
  save: saveSetOnce,
  sendAll: sendWaitingSets,
  waiting: waitingSets,
  forget: forgetWaitingSets,
} = outboxOf(postSet);
