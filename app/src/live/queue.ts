/** Things that wait on this device until the server has them: put in line before anything is sent, taken out when it answered. */

import { store } from './store';

export type Queued = { id: string; owner: string };

/** What is stored under a key; null where nothing is, or nothing that can be read. */
export async function stored<T>(key: string): Promise<T | null> {
  const text = await store.get(key);
  if (text === null) return null;
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    // Cut short by a crash while writing; nothing can be read from it.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export function queueOf<T extends Queued>(key: string) {
  const all = async (): Promise<T[]> => (await stored<T[]>(key)) ?? [];
  const write = (items: T[]): Promise<void> => store.set(key, JSON.stringify(items));
  return {
    waiting: async (owner: string): Promise<T[]> => (await all()).filter((one) => one.owner === owner),
    put: async (item: T): Promise<void> => write([...(await all()).filter(({ id }) => id !== item.id), item]),
    forget: async (owner: string): Promise<void> => write((await all()).filter((one) => one.owner !== owner)),
    take: async (id: string): Promise<void> => write((await all()).filter((one) => one.id !== id)),
  };
}
