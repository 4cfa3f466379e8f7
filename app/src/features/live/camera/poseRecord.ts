/** What the camera showed in a set, packed: one block of memory for some hundred pictures instead of objects for each. */
import type { Seen } from '@/live/pose/messages';

const KEYPOINTS = 33;

/** Values of each keypoint. */
const SIDES = { xy: 2, score: 1, worldM: 3 } as const;

export type Part = keyof typeof SIDES;

const PARTS = Object.keys(SIDES) as Part[];
const BLOCK = 512;

type Block = { tS: Float64Array } & Record<Part, Float32Array>;

const width = (part: Part): number => KEYPOINTS * SIDES[part];

const newBlock = (): Block => ({
  tS: new Float64Array(BLOCK),
  xy: new Float32Array(BLOCK * width('xy')),
  score: new Float32Array(BLOCK * width('score')),
  worldM: new Float32Array(BLOCK * width('worldM')),
});

/** The keypoints of every picture and when it was taken; about 0.8 kB a picture. */
export class PoseRecord {
  length = 0;
  /** In how many pictures somebody was seen. */
  found = 0;
  firstS = 0;
  lastS = 0;
  private readonly blocks: Block[] = [];

  add(seen: Seen): void {
    const place = this.length % BLOCK;
    if (place === 0) this.blocks.push(newBlock());
    const block = this.blocks.at(-1);
    if (block === undefined) return;
    block.tS[place] = seen.tS;
    for (const part of PARTS) {
      const given = seen[part];
      const from = place * width(part);
      if (given !== null) block[part].set(given, from);
      // Nobody was seen for sure where nobody was seen; where is not known.
      else block[part].fill(part === 'score' ? 0 : NaN, from, from + width(part));
    }
    if (this.length === 0) this.firstS = seen.tS;
    this.lastS = seen.tS;
    this.length += 1;
    if (seen.xy !== null) this.found += 1;
  }

  /** When each picture was taken, since the first one. [s] */
  timesS(): Float64Array {
    const all = new Float64Array(this.length);
    this.blocks.forEach(({ tS }, index) => all.set(this.filled(index, tS, 1), index * BLOCK));
    return all.map((tS) => tS - this.firstS);
  }

  /** One part of every picture and its shape; not a number where it was not seen, a score of 0 there. */
  all(part: Part): { values: Float32Array; shape: number[] } {
    const values = new Float32Array(this.length * width(part));
    this.blocks.forEach((block, index) => {
      values.set(this.filled(index, block[part], width(part)), index * BLOCK * width(part));
    });
    const sides = SIDES[part] === 1 ? [] : [SIDES[part]];
    return { values, shape: [this.length, KEYPOINTS, ...sides] };
  }

  private filled<Values extends Float32Array | Float64Array>(
    index: number,
    values: Values,
    each: number,
  ): Values {
    const pictures = Math.min(BLOCK, this.length - index * BLOCK);
    return values.subarray(0, pictures * each) as Values;
  }
}
