/**
 * What the camera showed in a set. The pictures of some seconds are one block of memory; a full block is put away on the
 * device, so that a long set needs no more memory than a short one, and a crash leaves what was put away.
 */
import type { Seen } from '@/live/pose/messages';
import {
  BLOCK,
  type Block,
  newBlock,
  type Notes,
  type Owner,
  packed,
  type Part,
  PARTS,
  unpacked,
  width,
} from '@/live/sets/piece';
import type { Pieces } from '@/live/sets/piecesTypes';
import type { JudgedRep } from '@/live/types';

import { type Gap, withGap } from './gaps';

/** Where the pieces of a set are kept, and what is said of it in each. */
export type Keeping = { pieces: Pieces; owner: Owner };

const noNotes = (open: JudgedRep | null = null): Notes => ({ reps: [], open, droppedS: [] });

/** A piece that was put away is not there any more. */
export class LostPieceError extends Error {
  override readonly name = 'LostPieceError';
}

/** The keypoints of every picture and when it was taken; about 0.8 kB a picture. */
export class PoseRecord {
  length = 0;
  /** In how many pictures somebody was seen. */
  found = 0;
  firstS = 0;
  lastS = 0;
  /** The longest times without a picture that was looked at, since the first one; the longest first. [s] */
  gaps: readonly Gap[] = [];
  /** Null are those that were put away. */
  private readonly blocks: (Block | null)[] = [];
  private notes = noNotes();
  /** One writing at a time: what is put last is what is there. */
  private line: Promise<void> = Promise.resolve();

  constructor(private keeping: Keeping | null = null) {}

  add(seen: Seen): void {
    const place = this.length % BLOCK;
    if (place === 0) this.blocks.push(newBlock());
    const block = this.blocks.at(-1);
    if (block === undefined || block === null) return;
    block.tS[place] = seen.tS;
    for (const part of PARTS) {
      const given = seen[part];
      const from = place * width(part);
      if (given !== null) block[part].set(given, from);
      // Nobody was seen for sure where nobody was seen; where is not known.
      else block[part].fill(part === 'score' ? 0 : NaN, from, from + width(part));
    }
    this.count(seen.tS, seen.xy !== null);
    if (this.length % BLOCK === 0) this.put(this.blocks.length - 1);
  }

  /** A repetition was judged: it is kept at once. */
  judged(rep: JudgedRep): void {
    this.notes.reps.push(rep);
    this.notes.open = null;
    this.put(Math.floor(this.length / BLOCK));
  }

  /** A repetition was counted; so it is judged if nothing follows. */
  counted(rep: JudgedRep): void {
    this.notes.open = rep;
    this.put(Math.floor(this.length / BLOCK));
  }

  /** A picture taken at `tS` was passed over. */
  passedOver(tS: number): void {
    if (this.keeping !== null) this.notes.droppedS.push(tS);
  }

  /** Give one part of every picture, block by block; not a number where it was not seen, a score of 0 there. */
  async each(
    part: Part | 'tS',
    take: (values: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>) => void | Promise<void>,
  ): Promise<void> {
    await this.line;
    for (const [index, held] of this.blocks.entries()) {
      const block = held ?? (await this.putAway(index));
      const pictures = Math.min(BLOCK, this.length - index * BLOCK);
      await take(block[part].subarray(0, pictures * width(part)));
    }
  }

  /** Delete what is kept on the device; the set was saved, or left. */
  async discard(): Promise<void> {
    const { keeping } = this;
    if (keeping === null) return;
    this.keeping = null;
    await this.line;
    try {
      await keeping.pieces.clear();
    } finally {
      keeping.pieces.release();
    }
  }

  /** Let go of it; what is kept stays for the next time. */
  leave(): void {
    this.keeping?.pieces.release();
    this.keeping = null;
  }

  /** The record of a set that was cut off, and what was noted in it; null where none is kept of this owner and place. */
  static async cutOff(keeping: Keeping): Promise<{ record: PoseRecord; notes: Notes; owner: Owner } | null> {
    const record = new PoseRecord(keeping);
    const notes = noNotes();
    let owner: Owner | null = null;
    for (let index = 0; ; index += 1) {
      const kept = await keeping.pieces.get(index);
      if (kept === null) break;
      const piece = unpacked(kept);
      if (piece.owner.owner !== keeping.owner.owner || piece.owner.place !== keeping.owner.place) return null;
      owner = piece.owner;
      notes.reps.push(...piece.notes.reps);
      notes.droppedS.push(...piece.notes.droppedS);
      notes.open = piece.notes.open;
      for (let picture = 0; picture < piece.pictures; picture += 1) {
        const isFound = !Number.isNaN(piece.block.xy[picture * width('xy')]);
        record.count(piece.block.tS[picture] ?? NaN, isFound);
      }
      if (piece.pictures > 0) record.blocks.push(null);
      if (piece.pictures < BLOCK) break;
    }
    return owner === null ? null : { record, notes, owner };
  }

  private count(tS: number, isFound: boolean): void {
    if (this.length === 0) this.firstS = tS;
    else this.gaps = withGap(this.gaps, [this.lastS - this.firstS, tS - this.firstS]);
    this.lastS = tS;
    this.length += 1;
    if (isFound) this.found += 1;
  }

  private put(index: number): void {
    const { keeping, notes } = this;
    if (keeping === null) return;
    const pictures = Math.min(BLOCK, this.length - index * BLOCK);
    const isFull = pictures === BLOCK;
    if (isFull) this.notes = noNotes(notes.open);
    const octets = packed({ block: this.blocks[index] ?? newBlock(), pictures, owner: keeping.owner, notes });
    this.line = this.line
      .then(() => keeping.pieces.put(index, octets))
      .then(
        () => {
          if (isFull) this.blocks[index] = null;
        },
        // A full disk: the block stays in memory, and the set goes on.
        () => undefined,
      );
  }

  private async putAway(index: number): Promise<Block> {
    const kept = (await this.keeping?.pieces.get(index)) ?? null;
    if (kept === null) throw new LostPieceError(`Piece ${index} of the set is not on the device any more`);
    return unpacked(kept).block;
  }
}
