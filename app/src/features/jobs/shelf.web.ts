/**
 * Chosen files in this browser's database: a file and what is known of it are one record, so that neither is there without
 * the other, whatever ends when. IndexedDB also works on addresses without TLS, where caches and file systems do not.
 */

import { type Chosen, hasRoom, NoRoomError, type Shelf } from './shelfTypes';

const DATABASE = 'topform-uploads';
const STORE = 'files';
const LOCK = 'topform.uploads';

type Kept = Chosen & { place?: number };

let opening: Promise<IDBDatabase> | null = null;

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function database(): Promise<IDBDatabase> {
  opening ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      const files = request.result.createObjectStore(STORE, { keyPath: 'place', autoIncrement: true });
      files.createIndex('id', 'id', { unique: true });
      files.createIndex('owner', 'owner');
    };
    request.onsuccess = () => {
      // The browser may end it, as when somebody clears the data of the site.
      request.result.onclose = () => (opening = null);
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  opening.catch(() => (opening = null));
  return opening;
}

/** Does something to the files; what it writes is on the disk when this returns. */
async function within<T>(mode: IDBTransactionMode, work: (files: IDBObjectStore) => Promise<T>): Promise<T> {
  const transaction = (await database()).transaction(STORE, mode);
  const finished = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
  });
  const [result] = await Promise.all([work(transaction.objectStore(STORE)), finished]);
  return result;
}

async function remove(files: IDBObjectStore, index: 'id' | 'owner', value: string): Promise<void> {
  for (const key of await done(files.index(index).getAllKeys(value))) await done(files.delete(key));
}

export const shelf: Shelf = {
  put: async (chosen) => {
    try {
      await within('readwrite', async (files) => {
        const held = await done<Kept[]>(files.getAll());
        if (
          !hasRoom(
            held.map(({ file }) => file.size),
            chosen.file.size,
          )
        )
          throw new NoRoomError();
        await done(files.add(chosen));
      });
    } catch (error) {
      throw error instanceof NoRoomError ? error : new NoRoomError({ cause: error });
    }
  },
  waiting: async (owner) => {
    const held = await within('readonly', (files) => done<Kept[]>(files.index('owner').getAll(owner)));
    return held.map(({ place: _place, ...chosen }) => chosen);
  },
  holds: (id) => within('readonly', async (files) => (await done(files.index('id').count(id))) > 0),
  take: (id) => within('readwrite', (files) => remove(files, 'id', id)),
  clear: (owner) => within('readwrite', (files) => remove(files, 'owner', owner)),
  askToStay: async () => {
    await globalThis.navigator?.storage?.persist?.().catch(() => false);
  },
  alone: async (work) => {
    // Unknown on addresses without TLS; the key still keeps the server from storing a file twice.
    const locks = globalThis.navigator?.locks as LockManager | undefined;
    return locks === undefined ? work() : locks.request(LOCK, work);
  },
};
