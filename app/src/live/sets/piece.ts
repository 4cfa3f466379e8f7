/** Some pictures of a set as one block of memory, and as octets that are kept on the device; pure. */
import type { JudgedRep } from '../types';

const KEYPOINTS = 33;

/** Values of each keypoint. */
export const SIDES = { xy: 2, score: 1, worldM: 3 } as const;

export type Part = keyof typeof SIDES;

export const PARTS = Object.keys(SIDES) as Part[];
/** Pictures in a block: about five seconds, the most of which a crash takes the points. */
export const BLOCK = 128;

export type Block = { tS: Float64Array<ArrayBuffer> } & Record<Part, Float32Array<ArrayBuffer>>;

/** Whose set it is and where it was begun. */
export type Owner = { owner: string; place: string; formModel: number | null };

/** What happened beside the pictures of a piece, on the camera's clock; `open` is counted and not yet judged to its end. */
export type Notes = { reps: JudgedRep[]; open: JudgedRep | null; droppedS: number[] };

export type Piece = { block: Block; pictures: number; owner: Owner; notes: Notes };

const ALIGN = 8;
const FRONT = 2 * Uint32Array.BYTES_PER_ELEMENT;

/** Values of a picture. */
export const width = (part: Part | 'tS'): number => (part === 'tS' ? 1 : KEYPOINTS * SIDES[part]);

/** The sides of a picture's values. */
export const sidesOf = (part: Part): number[] => (SIDES[part] === 1 ? [KEYPOINTS] : [KEYPOINTS, SIDES[part]]);

export const newBlock = (): Block => ({
  tS: new Float64Array(BLOCK),
  xy: new Float32Array(BLOCK * width('xy')),
  score: new Float32Array(BLOCK * width('score')),
  worldM: new Float32Array(BLOCK * width('worldM')),
});

const COLUMNS = ['tS', ...PARTS] as const;

/** Two lengths, what is no picture as JSON, then the columns of the pictures that are there. */
export function packed({ block, pictures, owner, notes }: Piece): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify({ owner, notes });
  const head = text.padEnd(Math.ceil(text.length / ALIGN) * ALIGN);
  const columns = COLUMNS.map((part) => {
    const { buffer, BYTES_PER_ELEMENT: each } = block[part];
    return new Uint8Array(buffer, 0, pictures * width(part) * each);
  });
  const octets = new Uint8Array(columns.reduce((sum, { length }) => sum + length, FRONT + head.length));
  new Uint32Array(octets.buffer, 0, 2).set([head.length, pictures]);
  for (let at = 0; at < head.length; at += 1) octets[FRONT + at] = head.charCodeAt(at);
  let at = FRONT + head.length;
  for (const column of columns) {
    octets.set(column, at);
    at += column.length;
  }
  return octets;
}

/** The piece that was packed. */
export function unpacked(kept: Uint8Array): Piece {
  const octets = kept.slice();
  const [length = 0, pictures = 0] = new Uint32Array(octets.buffer, 0, 2);
  const letters = Array.from(octets.subarray(FRONT, FRONT + length), (code) => String.fromCharCode(code));
  const { owner, notes } = JSON.parse(letters.join('')) as Pick<Piece, 'owner' | 'notes'>;
  const block = newBlock();
  let at = FRONT + length;
  for (const part of COLUMNS) {
    const column = block[part];
    const size = pictures * width(part) * column.BYTES_PER_ELEMENT;
    new Uint8Array(column.buffer).set(octets.subarray(at, at + size));
    at += size;
  }
  return { block, pictures, owner, notes };
}
