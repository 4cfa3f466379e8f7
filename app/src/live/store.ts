/**
 * Texts that are kept on this device under a name, as files: a long workout is larger than what AsyncStorage reads in one
 * piece on Android. A file takes the place of the one before as a whole, so that a crash never leaves half of one.
 */

import { Directory, File, Paths } from 'expo-file-system';

const FOLDER = 'topform-live';
const ENDING = '.json';
const UNFINISHED = '.new';

const folder = (): Directory => {
  const found = new Directory(Paths.document, FOLDER);
  if (!found.exists) found.create({ intermediates: true, idempotent: true });
  return found;
};

type Place = { file: File; next: File };

/** Where a text is, and where the one that takes its place is written. */
function placeOf(key: string): Place {
  const name = encodeURIComponent(key);
  const place = {
    file: new File(folder(), `${name}${ENDING}`),
    next: new File(folder(), `${name}${UNFINISHED}`),
  };
  // The last change was cut off between taking the old file away and putting the new one there.
  if (!place.file.exists && place.next.exists) {
    place.next.moveSync(place.file);
    return { ...place, next: new File(folder(), `${name}${UNFINISHED}`) };
  }
  return place;
}

export const store = {
  get: async (key: string): Promise<string | null> => {
    const { file } = placeOf(key);
    return file.exists ? file.text() : null;
  },
  set: async (key: string, text: string): Promise<void> => {
    const { file, next } = placeOf(key);
    next.create({ overwrite: true });
    next.write(text);
    next.moveSync(file, { overwrite: true });
  },
  remove: async (key: string): Promise<void> => {
    const { file } = placeOf(key);
    if (file.exists) file.delete();
  },
  keys: async (): Promise<string[]> =>
    folder()
      .list()
      .map(({ name }) => name)
      .filter((name) => name.endsWith(ENDING))
      .map((name) => decodeURIComponent(name.slice(0, -ENDING.length))),
};
