/** The shelf of form models in this browser: Cache Storage, which the service worker leaves alone. */
import type { Kept, Shelf } from './keeping';

/** `scripts/service-worker.js` knows it by this name too. */
const CACHE = 'form-models';
const MEMORY = '/form-models/kept.json';

const place = (sha256: string) => `/form-models/${sha256}.tflite`;

export function browserShelf(storage: CacheStorage): Shelf {
  const opened = () => storage.open(CACHE);
  return {
    read: async () => {
      const found = await (await opened()).match(MEMORY);
      return found === undefined ? null : ((await found.json()) as Kept);
    },
    write: async (kept) => (await opened()).put(MEMORY, new Response(JSON.stringify(kept))),
    file: async (sha256) => {
      const found = await (await opened()).match(place(sha256));
      return found === undefined ? null : new Uint8Array(await found.arrayBuffer());
    },
    put: async (sha256, content) => (await opened()).put(place(sha256), new Response(content)),
    keepOnly: async (digests) => {
      const cache = await opened();
      const wanted = new Set([MEMORY, ...digests.map(place)]);
      const names = (await cache.keys()).map(({ url }) => new URL(url).pathname);
      await Promise.all(names.filter((name) => !wanted.has(name)).map((name) => cache.delete(name)));
    },
  };
}
