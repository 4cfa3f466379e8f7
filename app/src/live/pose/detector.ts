/** Finds people: the single-shot detector that starts a track. */
import {
  composed,
  regionFromAlignment,
  uprightFromLetterbox,
  uprightFromTurned,
  type Region,
} from './geometry';
import { DETECTOR, type Graph } from './graph';
import { sampleInto, type Pixels } from './sampling';

export type Detection = { score: number; region: Region };

/** Lower than the published 0.5: people who lie score low, and the landmark model confirms or refutes. */
const MIN_SCORE = 0.2;
const MIN_OVERLAP_TO_MERGE = 0.3;
const LOGIT_LIMIT = 100;
const BOX = 12;
// Strides and anchors per cell of the published graph: 28x28x2, 14x14x2 and 7x7x(2+2+2) = 2254.
const LAYERS = [
  [8, 2],
  [16, 2],
  [32, 6],
] as const;

/** The anchors' centres in 0..1, x and y in turn; all have unit size. */
export function anchorCenters(): Float64Array {
  const found: number[] = [];
  for (const [stride, perCell] of LAYERS) {
    const cells = DETECTOR.inputPx / stride;
    for (let cell = 0; cell < cells * cells * perCell; cell += 1) {
      const place = Math.floor(cell / perCell);
      found.push(((place % cells) + 0.5) / cells, (Math.floor(place / cells) + 0.5) / cells);
    }
  }
  return Float64Array.from(found);
}

/** A box as left, top, right, bottom and four keypoints, in pixels of the input. */
export type Box = { score: number; values: Float64Array };

/** The likely boxes among the detector's outputs. */
export function decodedBoxes(raw: Float32Array, logits: Float32Array, anchors: Float64Array): Box[] {
  const found: Box[] = [];
  for (let index = 0; index < logits.length; index += 1) {
    const logit = Math.max(-LOGIT_LIMIT, Math.min(LOGIT_LIMIT, logits[index]!));
    const score = 1 / (1 + Math.exp(-logit));
    if (score <= MIN_SCORE) {
      continue;
    }
    const anchorX = anchors[2 * index]! * DETECTOR.inputPx;
    const anchorY = anchors[2 * index + 1]! * DETECTOR.inputPx;
    const at = index * BOX;
    const x = raw[at]! + anchorX;
    const y = raw[at + 1]! + anchorY;
    const halfWidth = raw[at + 2]! / 2;
    const halfHeight = raw[at + 3]! / 2;
    const values = new Float64Array(BOX);
    values.set([x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight]);
    for (let point = 4; point < BOX; point += 2) {
      values[point] = raw[at + point]! + anchorX;
      values[point + 1] = raw[at + point + 1]! + anchorY;
    }
    found.push({ score, values });
  }
  return found;
}

/** Overlapping boxes merged into their score-weighted mean, the most certain first. */
export function mergedBoxes(boxes: readonly Box[]): Box[] {
  let remaining = [...boxes].sort((one, other) => other.score - one.score);
  const merged: Box[] = [];
  while (remaining.length > 0) {
    const best = remaining[0]!;
    const group = remaining.filter(
      (box) => box === best || boxOverlap(best.values, box.values) > MIN_OVERLAP_TO_MERGE,
    );
    const weight = group.reduce((sum, box) => sum + box.score, 0);
    const values = best.values.map(
      (_, place) => group.reduce((sum, box) => sum + box.score * box.values[place]!, 0) / weight,
    );
    merged.push({ score: best.score, values });
    remaining = remaining.filter((box) => !group.includes(box));
  }
  return merged;
}

/** The BlazePose detector. */
export class PersonDetector {
  private readonly anchors = anchorCenters();
  private readonly input = new Float32Array(DETECTOR.inputPx * DETECTOR.inputPx * 3);

  constructor(private readonly graph: Graph) {}

  /** The likely people in a picture turned counter-clockwise, the most certain first, where they are in the picture. */
  async detect(pixels: Pixels, turnDeg: 0 | 90 | 270 = 0): Promise<Detection[]> {
    const turnedSize = turnDeg === 0 ? pixels : { widthPx: pixels.heightPx, heightPx: pixels.widthPx };
    const letterbox = composed(
      uprightFromTurned(turnDeg, pixels),
      uprightFromLetterbox(turnedSize, DETECTOR.inputPx),
    );
    sampleInto(this.input, pixels, letterbox, DETECTOR.inputPx, { scale: 2 / 255, offset: -1 });
    const [raw, logits] = await this.graph.run(this.input);
    const [a, b, c, d, e, f] = letterbox;
    return mergedBoxes(decodedBoxes(raw!, logits!, this.anchors))
      .map(({ score, values }) => {
        const [centerX, centerY, rimX, rimY] = [values[4]!, values[5]!, values[6]!, values[7]!];
        const region = regionFromAlignment(
          a * centerX + b * centerY + c,
          d * centerX + e * centerY + f,
          a * rimX + b * rimY + c,
          d * rimX + e * rimY + f,
        );
        return { score, region };
      })
      .filter(({ region }) => region.sidePx > 1);
  }
}

function boxOverlap(one: Float64Array, other: Float64Array): number {
  const area = (left: number, top: number, right: number, bottom: number) =>
    Math.max(0, right - left) * Math.max(0, bottom - top);
  const shared = area(
    Math.max(one[0]!, other[0]!),
    Math.max(one[1]!, other[1]!),
    Math.min(one[2]!, other[2]!),
    Math.min(one[3]!, other[3]!),
  );
  const union =
    area(one[0]!, one[1]!, one[2]!, one[3]!) + area(other[0]!, other[1]!, other[2]!, other[3]!) - shared;
  return union > 0 ? shared / union : 0;
}
