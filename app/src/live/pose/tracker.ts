/** Follows one person: detect once, then look where the body was. */
import type { PersonDetector } from './detector';
import { overlap, type Region, type Size } from './geometry';
import { KEYPOINTS, type Body, type LandmarkModel } from './landmarks';
import type { Pixels } from './sampling';

const MIN_SCORE = 0.5;
/** A new person must convince twice: in the detector's region and in the one that the landmarks ask for. */
const MIN_SCORE_TO_START = 0.8;
/** A body lying across the picture is sometimes found only in the picture turned by 90 degrees. */
const QUARTER_TURNS = [0, 90, 270] as const;
const MAX_CANDIDATES = 3;
/** Without a person the detector looks again this often; a frame without one costs next to nothing. */
const SEARCH_INTERVAL_S = 0.2;
/** While the person followed does nothing of interest, others are considered this often. */
const RECONSIDER_INTERVAL_S = 1.5;
const SAME_PERSON_OVERLAP = 0.3;
const SWITCH_RATIO = 1.5;
// Trunk length of adults, hip to shoulder centre, with room for the model's error in foreshortened views.
const TRUNK_MIN_M = 0.15;
const TRUNK_MAX_M = 0.8;
const MIN_SIDE_PX = 32;
const MAX_SIDES = 6;
const MIN_SHARE_INSIDE = 0.3;
const SHOULDERS = [11, 12] as const;
const HIPS = [23, 24] as const;

/** Rates a body; larger is more interesting, values above 1 stop the search for others. */
export type Interest = (body: Body) => number;

/** Whether landmarks can be those of a person in the picture. */
export function isPlausible(body: Body, size: Size): boolean {
  if (!(body.score >= MIN_SCORE) || !body.xyPx.every(Number.isFinite)) {
    return false;
  }
  const along = [0, 1, 2].map((axis) => mean(body.worldM, SHOULDERS, axis) - mean(body.worldM, HIPS, axis));
  const trunkM = Math.hypot(...along);
  if (!(trunkM >= TRUNK_MIN_M && trunkM <= TRUNK_MAX_M)) {
    return false;
  }
  const side = body.nextRegion.sidePx;
  if (!(side >= MIN_SIDE_PX && side <= MAX_SIDES * Math.max(size.widthPx, size.heightPx))) {
    return false;
  }
  let inside = 0;
  for (let point = 0; point < KEYPOINTS; point += 1) {
    const x = body.xyPx[2 * point]!;
    const y = body.xyPx[2 * point + 1]!;
    inside += x >= 0 && y >= 0 && x <= size.widthPx && y <= size.heightPx ? 1 : 0;
  }
  return inside / KEYPOINTS >= MIN_SHARE_INSIDE;
}

/** Follows the person of most interest. */
export class PoseTracker {
  private region: Region | null = null;
  private searchedS: number | null = null;

  constructor(
    private readonly detector: PersonDetector,
    private readonly landmarks: LandmarkModel,
    private readonly interest: Interest,
  ) {}

  /** The person's landmarks in the next frame, null where nobody is seen. */
  async track(pixels: Pixels, tS: number): Promise<Body | null> {
    let body: Body | null = null;
    let isLost = false;
    if (this.region !== null) {
      body = await this.plausible(pixels, this.region);
      isLost = body === null;
    }
    if (body === null) {
      if (isLost || this.isDue(tS, SEARCH_INTERVAL_S)) {
        body = await this.search(pixels, tS, null);
      }
    } else if (this.interest(body) < 1 && this.isDue(tS, RECONSIDER_INTERVAL_S)) {
      body = await this.search(pixels, tS, body);
    }
    this.region = body === null ? null : body.nextRegion;
    return body;
  }

  private isDue(tS: number, intervalS: number): boolean {
    return this.searchedS === null || tS - this.searchedS >= intervalS;
  }

  private async plausible(pixels: Pixels, region: Region): Promise<Body | null> {
    const body = await this.landmarks.estimate(pixels, region);
    return isPlausible(body, pixels) ? body : null;
  }

  private async search(pixels: Pixels, tS: number, insteadOf: Body | null): Promise<Body | null> {
    const best = await this.best(pixels, insteadOf);
    // Only now: one that failed is done again in the next picture.
    this.searchedS = tS;
    return best;
  }

  private async best(pixels: Pixels, insteadOf: Body | null): Promise<Body | null> {
    let best = insteadOf;
    let bestInterest = best === null ? 0 : this.interest(best) * SWITCH_RATIO;
    for (const turnDeg of insteadOf === null ? QUARTER_TURNS : QUARTER_TURNS.slice(0, 1)) {
      const found = await this.detector.detect(pixels, turnDeg);
      for (const { region } of found.slice(0, MAX_CANDIDATES)) {
        if (insteadOf !== null && overlap(region, insteadOf.nextRegion) > SAME_PERSON_OVERLAP) {
          continue;
        }
        const candidate = await this.confirmed(pixels, region);
        if (candidate !== null && (best === null || this.interest(candidate) > bestInterest)) {
          best = candidate;
          bestInterest = this.interest(candidate);
        }
      }
      if (best !== null) {
        return best;
      }
    }
    return best;
  }

  private async confirmed(pixels: Pixels, region: Region): Promise<Body | null> {
    const first = await this.plausible(pixels, region);
    const second = first === null ? null : await this.plausible(pixels, first.nextRegion);
    if (first === null || second === null || Math.max(first.score, second.score) < MIN_SCORE_TO_START) {
      return null;
    }
    return second;
  }
}

function mean(world: Float32Array, points: readonly [number, number], axis: number): number {
  return (world[3 * points[0] + axis]! + world[3 * points[1] + axis]!) / 2;
}
