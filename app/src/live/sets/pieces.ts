/**
 * What is kept of the set before the camera while it lasts, piece by piece, as files of the app. A piece takes the place of
 * the one before as a whole, so that a crash never leaves half of one.
 */
import { Directory, File, Paths } from 'expo-file-system';

import type { Pieces } from './piecesTypes';

const FOLDER = 'topform-set';
const ENDING = '.piece';
const UNFINISHED = '.new';

function folder(): Directory {
  const found = new Directory(Paths.document, FOLDER);
  if (!found.exists) found.create({ intermediates: true, idempotent: true });
  return found;
}

/** Whether a set has the pieces now; the app is one page. */
let isTaken = false;

export async function takePieces(): Promise<Pieces | null> {
  if (isTaken) return null;
  isTaken = true;
  return {
    put: async (place, octets) => {
      const file = new File(folder(), `${place}${ENDING}`);
      const next = new File(folder(), `${place}${UNFINISHED}`);
      next.create({ overwrite: true });
      next.write(octets);
      next.moveSync(file, { overwrite: true });
    },
    get: async (place) => {
      const file = new File(folder(), `${place}${ENDING}`);
      return file.exists ? file.bytes() : null;
    },
    clear: async () => folder().delete(),
    release: () => {
      isTaken = false;
    },
  };
}
