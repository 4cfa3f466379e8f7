/** What is kept of the set before the camera while it lasts, piece by piece, in this browser's database. */
import type { Pieces } from './piecesTypes';

const DATABASE = 'topform-set';
const STORE = 'pieces';
const LOCK = 'topform.set';

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => void request.result.createObjectStore(STORE);
  return done(request);
}

/** Hold the lock until told; null where another page does. */
const held = (): Promise<(() => void) | null> =>
  new Promise((resolve, reject) => {
    navigator.locks
      .request(LOCK, { ifAvailable: true }, (lock) => {
        if (lock === null) return resolve(null);
        return new Promise<void>((release) => resolve(release));
      })
      .catch(reject);
  });

/** Null where another page has them, or the browser keeps nothing; a camera is only there where there are locks. */
export async function takePieces(): Promise<Pieces | null> {
  if (typeof indexedDB === 'undefined' || globalThis.navigator?.locks === undefined) return null;
  let release: (() => void) | null = null;
  try {
    const lock = (release = await held());
    if (lock === null) return null;
    const database = await opened();
    const within = async <T>(mode: IDBTransactionMode, work: (pieces: IDBObjectStore) => IDBRequest<T>) => {
      const transaction = database.transaction(STORE, mode);
      const finished = new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
      });
      const [result] = await Promise.all([done(work(transaction.objectStore(STORE))), finished]);
      return result;
    };
    return {
      put: async (place, octets) => void (await within('readwrite', (pieces) => pieces.put(octets, place))),
      get: async (place) =>
        (await within<Uint8Array<ArrayBuffer> | undefined>('readonly', (pieces) => pieces.get(place))) ??
        null,
      clear: () => within('readwrite', (pieces) => pieces.clear()),
      release: () => {
        database.close();
        lock();
      },
    };
  } catch (error) {
    release?.();
    // A private window, for example, may have no database.
    if (error instanceof DOMException) return null;
    throw error;
  }
}
