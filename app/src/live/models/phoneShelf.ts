/** The shelf of form models in the apps for Android and iOS: files of the app, which no other app reads. */
import { Directory, File, Paths } from 'expo-file-system';

import { stored } from '../queue';
import { store } from '../store';
import type { Kept, Shelf } from './keeping';

const FOLDER = 'topform-form-models';
const MEMORY = 'topform.live.form-models.';

const folder = (): Directory => {
  const found = new Directory(Paths.document, FOLDER);
  if (!found.exists) found.create({ intermediates: true, idempotent: true });
  return found;
};

const nameOf = (sha256: string) => `${sha256}.tflite`;
const place = (sha256: string) => new File(folder(), nameOf(sha256));

/** Keys and releases are those of a server, and an app may be told of another one; the files have room for one. */
export const phoneShelf = (server: string): Shelf => ({
  read: () => stored<Kept>(MEMORY + server),
  write: (kept) => store.set(MEMORY + server, JSON.stringify(kept)),
  file: async (sha256) => {
    const file = place(sha256);
    return file.exists ? file.bytes() : null;
  },
  // A file that is cut off is no harm: its digest is checked before it is used.
  put: async (sha256, content) => {
    const file = place(sha256);
    file.create({ overwrite: true });
    file.write(content);
  },
  keepOnly: async (digests) => {
    const wanted = new Set(digests.map(nameOf));
    for (const part of folder().list()) if (!wanted.has(part.name)) part.delete();
  },
});

/** Where the runtime finds a model of the shelf. */
export const addressOfModel = (sha256: string): string => place(sha256).uri;
