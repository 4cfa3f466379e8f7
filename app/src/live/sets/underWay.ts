/** The set before the camera that a crash left on this device, as those see it who only keep or delete. */
import { takePieces } from './pieces';
import { unpacked } from './piece';
import type { Pieces } from './piecesTypes';

/** Do something where a set of an athlete is left; one that is under way is its screen's. */
async function withLeft<T>(owner: string, other: T, work: (pieces: Pieces) => Promise<T>): Promise<T> {
  const pieces = await takePieces();
  if (pieces === null) return other;
  try {
    const first = await pieces.get(0);
    return first !== null && unpacked(first).owner.owner === owner ? await work(pieces) : other;
  } finally {
    pieces.release();
  }
}

export const isSetLeft = (owner: string): Promise<boolean> => withLeft(owner, false, async () => true);

export const forgetLeftSet = (owner: string): Promise<void> =>
  withLeft<void>(owner, undefined, (pieces) => pieces.clear());
