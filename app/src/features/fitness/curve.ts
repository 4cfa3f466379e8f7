/** Which best efforts are drawn and named, and what the model says of them. Pure. */
import type { Curve, CurveBest } from '@/api/types';

export const NAMED_S = [5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 5400, 7200, 10_800];

/** The efforts nearest to the durations people know; none twice, none further off than a tenth. */
export function named(points: readonly CurveBest[]): CurveBest[] {
  const found = NAMED_S.flatMap((wanted) => {
    const near = points.reduce<CurveBest | null>(
      (best, point) =>
        best === null || Math.abs(point.duration_s - wanted) < Math.abs(best.duration_s - wanted)
          ? point
          : best,
      null,
    );
    return near !== null && Math.abs(near.duration_s - wanted) <= wanted / 10 ? [near] : [];
  });
  return found.filter((point, index) => found.indexOf(point) === index);
}

/** What the model gives at a duration; null outside the efforts it was fitted to. */
export function modelled(curve: Curve, duration_s: number): number | null {
  const { model } = curve;
  if (model === null || duration_s < model.valid_from_s || duration_s > model.valid_to_s) return null;
  return model.critical + model.reserve / duration_s;
}

/** Few enough points to draw, evenly spread over the logarithm of duration. */
export function thinned(points: readonly CurveBest[], most: number): CurveBest[] {
  const step = Math.max(1, Math.ceil(points.length / most));
  return points.filter((_point, index) => index % step === 0 || index === points.length - 1);
}
