/** Chosen files in the folder of the app: copies, since the place they were picked from is emptied by the system. */

import { Directory, File, Paths } from 'expo-file-system';

import { queueOf, stored } from '@/live/queue';

import { type Chosen, hasRoom, NoRoomError, type Shelf } from './shelfTypes';

const KEY = 'topform.uploads';
const FOLDER = 'topform-uploads';
const DEFAULT_TYPE = 'application/octet-stream';

type Line = Omit<Chosen, 'file'> & { name: string; size: number | null; type: string };

const queue = queueOf<Line>(KEY);
const all = async (): Promise<Line[]> => (await stored<Line[]>(KEY)) ?? [];

function folder(): Directory {
  const found = new Directory(Paths.document, FOLDER);
  if (!found.exists) found.create({ intermediates: true, idempotent: true });
  return found;
}

const fileOf = (id: string): File => new File(folder(), id);

/** One change at a time: the list and the folder belong together. */
let line: Promise<unknown> = Promise.resolve();

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = line.then(work);
  line = turn.catch(() => undefined);
  return turn;
}

/** A copy without a line in the list is left from a crash between the two. */
function sweep(lines: readonly Line[]): void {
  const known = new Set(lines.map(({ id }) => id));
  for (const entry of folder().list()) {
    if (entry instanceof File && !known.has(entry.name)) entry.delete();
  }
}

async function drop(id: string): Promise<void> {
  await queue.take(id);
  const file = fileOf(id);
  if (file.exists) file.delete();
}

/** The folder may lie elsewhere after an update of the app: where a file is, is said anew each time. */
function chosenOf({ name, size, type, ...rest }: Line): Chosen {
  return { ...rest, file: { name, size, part: { uri: fileOf(rest.id).uri, name, type } } };
}

export const shelf: Shelf = {
  put: ({ file, ...rest }) =>
    inTurn(async () => {
      if (file.part instanceof Blob) throw new NoRoomError();
      const held = await all();
      if (
        !hasRoom(
          held.map(({ size }) => size),
          file.size,
        )
      )
        throw new NoRoomError();
      const copy = fileOf(rest.id);
      try {
        if ((file.size ?? 0) > Paths.availableDiskSpace) throw new NoRoomError();
        new File(file.part.uri).copySync(copy);
        await queue.put({ ...rest, name: file.name, size: file.size, type: file.part.type || DEFAULT_TYPE });
      } catch (error) {
        if (copy.exists) copy.delete();
        throw error instanceof NoRoomError ? error : new NoRoomError({ cause: error });
      }
    }),
  waiting: (owner) =>
    inTurn(async () => {
      sweep(await all());
      const mine = await queue.waiting(owner);
      return mine.filter(({ id }) => fileOf(id).exists).map(chosenOf);
    }),
  holds: (id) => inTurn(async () => (await all()).some((one) => one.id === id)),
  take: (id) => inTurn(() => drop(id)),
  clear: (owner) =>
    inTurn(async () => {
      for (const { id } of await queue.waiting(owner)) await drop(id);
    }),
  askToStay: async () => undefined,
  alone: (work) => work(),
};
