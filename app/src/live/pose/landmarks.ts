/** The landmark model: 33 keypoints and two alignment points of one person in a region. */
import { regionFromAlignment, uprightFromCrop, type Region, type Size } from './geometry';
import { LANDMARKS, type Graph } from './graph';
import { sampleInto, type Pixels } from './sampling';

export const KEYPOINTS = 33;
const POINTS = 39;
const VALUES = 5;
const HEATMAP_PX = 64;
const REACH = 3; // a neighbourhood of 7x7
const MIN_CONFIDENCE_TO_REFINE = 0.5;
const CENTER_POINT = 33;
const RIM_POINT = 34;
/** The model extrapolates joints beyond the picture's edge and calls them visible; nobody can see them there. */
const MAX_VISIBILITY_OUTSIDE = 0.2;

/** One person in one frame; keypoints outside the picture are extrapolated. */
export type Body = {
  /** x and y of the 33 keypoints in turn, in pixels of the upright frame. */
  xyPx: Float32Array;
  /** The model's own certainty, not calibrated. */
  visibility: Float32Array;
  /** Metres from the hip centre; x to the right of the picture, y down, z away from the camera. */
  worldM: Float32Array;
  /** Whether there is a person in the region at all. */
  score: number;
  /** Where to look in the next frame. */
  nextRegion: Region;
};

/**
 * The points of the crop moved to the centre of mass of the heatmap around them; unchanged where the heatmap is not sure
 * enough or the point lies outside. `heatmaps` holds logits, 64x64 places of 39 points.
 */
export function refined(points: Float32Array, heatmaps: Float32Array): Float64Array {
  const scale = HEATMAP_PX / LANDMARKS.inputPx;
  const found = new Float64Array(2 * POINTS);
  for (let point = 0; point < POINTS; point += 1) {
    const x = points[point * VALUES]!;
    const y = points[point * VALUES + 1]!;
    found[2 * point] = x;
    found[2 * point + 1] = y;
    const column = Math.trunc(x * scale);
    const row = Math.trunc(y * scale);
    if (!(x >= 0 && y >= 0 && column < HEATMAP_PX && row < HEATMAP_PX)) {
      continue;
    }
    let total = 0;
    let most = 0;
    let sumX = 0;
    let sumY = 0;
    for (let r = Math.max(0, row - REACH); r <= Math.min(HEATMAP_PX - 1, row + REACH); r += 1) {
      for (let c = Math.max(0, column - REACH); c <= Math.min(HEATMAP_PX - 1, column + REACH); c += 1) {
        const weight = sigmoid(heatmaps[(r * HEATMAP_PX + c) * POINTS + point]!);
        total += weight;
        most = Math.max(most, weight);
        sumX += weight * c;
        sumY += weight * r;
      }
    }
    if (most >= MIN_CONFIDENCE_TO_REFINE) {
      found[2 * point] = sumX / total / scale;
      found[2 * point + 1] = sumY / total / scale;
    }
  }
  return found;
}

/** What the model's outputs say of a region of a picture. */
export function bodyFrom(outputs: readonly Float32Array[], region: Region, size: Size): Body {
  const [points, score, heatmaps, world] = outputs as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const inCrop = refined(points, heatmaps);
  const [a, b, c, d, e, f] = uprightFromCrop(region, LANDMARKS.inputPx);
  const upright = (point: number): [number, number] => {
    const x = inCrop[2 * point]!;
    const y = inCrop[2 * point + 1]!;
    return [a * x + b * y + c, d * x + e * y + f];
  };
  const xyPx = new Float32Array(2 * KEYPOINTS);
  const visibility = new Float32Array(KEYPOINTS);
  const worldM = new Float32Array(3 * KEYPOINTS);
  const cos = Math.cos(region.rotationRad);
  const sin = Math.sin(region.rotationRad);
  for (let point = 0; point < KEYPOINTS; point += 1) {
    const [x, y] = upright(point);
    xyPx[2 * point] = x;
    xyPx[2 * point + 1] = y;
    const certainty = sigmoid(points[point * VALUES + 3]!);
    const isOutside = x < 0 || y < 0 || x > size.widthPx || y > size.heightPx;
    visibility[point] = isOutside ? Math.min(certainty, MAX_VISIBILITY_OUTSIDE) : certainty;
    const worldX = world[3 * point]!;
    const worldY = world[3 * point + 1]!;
    worldM[3 * point] = cos * worldX - sin * worldY;
    worldM[3 * point + 1] = sin * worldX + cos * worldY;
    worldM[3 * point + 2] = world[3 * point + 2]!;
  }
  return {
    xyPx,
    visibility,
    worldM,
    score: score[0]!,
    nextRegion: regionFromAlignment(...upright(CENTER_POINT), ...upright(RIM_POINT)),
  };
}

/** BlazePose landmarks. */
export class LandmarkModel {
  private readonly input = new Float32Array(LANDMARKS.inputPx * LANDMARKS.inputPx * 3);

  constructor(private readonly graph: Graph) {}

  /** What the model sees in a region of a picture. */
  async estimate(pixels: Pixels, region: Region): Promise<Body> {
    const map = uprightFromCrop(region, LANDMARKS.inputPx);
    sampleInto(this.input, pixels, map, LANDMARKS.inputPx, { scale: 1 / 255, offset: 0 });
    return bodyFrom(await this.graph.run(this.input), region, pixels);
  }
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
