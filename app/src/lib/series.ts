/** Series on a shared axis: nearest sample, range, and thinning that keeps peaks. */
import { bisector } from 'd3-array';

export type Sample = number | null;

/** Index of the sample nearest to `x`; the axis increases. */
export function nearestIndex(axis: readonly number[], x: number): number {
  if (axis.length === 0) return -1;
  return bisector((value: number) => value).center(axis, x);
}

/** At most so many indices of `count` samples, the first and the last among them, as far from each other as can be. */
export function spread(count: number, most: number): number[] {
  const kept = Math.min(count, most);
  return Array.from({ length: kept }, (_, place) =>
    kept === 1 ? 0 : Math.round((place * (count - 1)) / (kept - 1)),
  );
}

/** Lowest and highest observed value; null when nothing was observed. */
export function extentOf(values: readonly Sample[]): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : null;
}

/** Fraction of the samples that were observed. */
export function observedFraction(values: readonly Sample[]): number {
  if (values.length === 0) return 0;
  return values.filter((value) => value !== null).length / values.length;
}

/**
 * Keeps at most `buckets * 3` samples: the lowest and the highest of each bucket, in their order, and one gap where a
 * bucket holds any.
 */
export function thin(
  axis: readonly number[],
  values: readonly Sample[],
  buckets: number,
): { axis: number[]; values: Sample[] } {
  if (values.length <= buckets * 2) return { axis: [...axis], values: [...values] };
  const out = { axis: [] as number[], values: [] as Sample[] };
  const keep = (index: number) => {
    out.axis.push(axis[index] ?? 0);
    out.values.push(values[index] ?? null);
  };
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const from = Math.floor((bucket * values.length) / buckets);
    const to = Math.floor(((bucket + 1) * values.length) / buckets);
    let low = -1;
    let high = -1;
    let gap = -1;
    for (let index = from; index < to; index += 1) {
      const value = values[index];
      if (value === null || value === undefined) {
        gap = index;
        continue;
      }
      if (low < 0 || value < (values[low] ?? Infinity)) low = index;
      if (high < 0 || value > (values[high] ?? -Infinity)) high = index;
    }
    const kept = [...new Set([low, high, gap].filter((index) => index >= 0))].sort((a, b) => a - b);
    kept.forEach(keep);
  }
  return out;
}

/** Centred moving mean over `span` axis units that leaves gaps alone; for pace, where single samples jump. */
export function smooth(axis: readonly number[], values: readonly Sample[], span: number): Sample[] {
  let from = 0;
  let to = 0;
  let sum = 0;
  let count = 0;
  return values.map((value, index) => {
    const center = axis[index] ?? 0;
    while (to < values.length && (axis[to] ?? 0) <= center + span / 2) {
      const entering = values[to];
      if (entering !== null && entering !== undefined) {
        sum += entering;
        count += 1;
      }
      to += 1;
    }
    while (from < to && (axis[from] ?? 0) < center - span / 2) {
      const leaving = values[from];
      if (leaving !== null && leaving !== undefined) {
        sum -= leaving;
        count -= 1;
      }
      from += 1;
    }
    return value === null || count === 0 ? null : sum / count;
  });
}

/** Longest step of an axis that still counts as going on: several usual steps, and at least `least`. */
export function longestStep(axis: readonly number[], least: number): number {
  const steps = axis.slice(1).map((at, index) => at - (axis[index] ?? at));
  const sorted = steps.sort((a, b) => a - b);
  const usual = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return Math.max(least, usual * 5);
}

/** Puts a gap where the axis jumps, so that a pause is not drawn as a slope. */
export function breakAtJumps(
  axis: readonly number[],
  values: readonly Sample[],
  longest: number,
): { axis: number[]; values: Sample[] } {
  const out = { axis: [] as number[], values: [] as Sample[] };
  axis.forEach((at, index) => {
    const before = axis[index - 1];
    if (before !== undefined && at - before > longest) {
      out.axis.push((at + before) / 2);
      out.values.push(null);
    }
    out.axis.push(at);
    out.values.push(values[index] ?? null);
  });
  return out;
}
