/** Two minutes of beats from a strap, lying down: how variable they are, and whether that could be measured. Pure; the same
 * limits and formulas as the package's. */

import type { HeartRate } from '../sensors/gatt';
import limits from './limits.json';

export const DURATION_S = 120;

/** Straps tell once a second; after such a silence beats are missing. */
const SILENT_S = 3;
/** A beat before the first reading and one after the last are not told. */
const UNTOLD_BEATS = 2;
/** Hearts vary by more: intervals that are all alike were made from an averaged pulse. */
const LEAST_MS = 1;
const MS_PER_S = 1000;
const MS_PER_MIN = 60_000;

export type HrvCheck = {
  startedMs: number;
  lastMs: number;
  /** Between beats, in order; NaN where some are missing. [ms] */
  rrMs: readonly number[];
};

export type HrvResult =
  | {
      kind: 'measured';
      rmssdMs: number;
      lnRmssd: number;
      hrBpm: number;
      beats: number;
      artefactFrac: number;
    }
  | { kind: 'unmeasured'; reason: 'no_intervals' | 'artefacts' | 'averaged'; artefactFrac: number | null };

export const newCheck = (nowMs: number): HrvCheck => ({ startedMs: nowMs, lastMs: nowMs, rrMs: [] });

/** Take what the strap says. */
export function hear(check: HrvCheck, reading: HeartRate, nowMs: number): HrvCheck {
  const isFelt = reading.contact !== false && reading.bpm > 0;
  const hasGap = nowMs - check.lastMs > SILENT_S * MS_PER_S && check.rrMs.length > 0;
  return {
    ...check,
    lastMs: nowMs,
    rrMs: [...check.rrMs, ...(hasGap || !isFelt ? [NaN] : []), ...(isFelt ? reading.rrMs : [])],
  };
}

export const secondsLeft = (check: HrvCheck, nowMs: number): number =>
  Math.max(0, DURATION_S - (nowMs - check.startedMs) / MS_PER_S);

const isPlausible = (rr: number): boolean => rr >= limits.min_rr_ms && rr <= limits.max_rr_ms;

/** Which intervals are normal: plausible, and near the median of those around them. */
export function normal(rrMs: readonly number[]): boolean[] {
  const filled = interpolated(rrMs, rrMs.map(isPlausible));
  const half = Math.floor(limits.median_beats / 2);
  const at = (i: number) => filled[Math.min(filled.length - 1, Math.max(0, i))] ?? NaN;
  return rrMs.map((rr, i) => {
    const around = Array.from({ length: limits.median_beats }, (_, k) => at(i + k - half)).sort(
      (a, b) => a - b,
    );
    const median = around[half] ?? NaN;
    return isPlausible(rr) && Math.abs(rr - median) <= limits.max_from_median_frac * median;
  });
}

/** Values that count, with straight lines between them. */
function interpolated(values: readonly number[], counts: readonly boolean[]): number[] {
  const known = values.flatMap((_, i) => (counts[i] ? [i] : []));
  return values.map((value, i) => {
    if (counts[i]) return value;
    const after = known.find((place) => place > i);
    const before = known.findLast((place) => place < i);
    if (before === undefined) return values[after ?? -1] ?? NaN;
    if (after === undefined) return values[before] ?? NaN;
    const [low, high] = [values[before] ?? NaN, values[after] ?? NaN];
    return low + ((high - low) * (i - before)) / (after - before);
  });
}

/** Root mean square of differences of neighbours, none across a rejected beat; NaN without any. [ms] */
export function rmssdMs(rrMs: readonly number[], counts: readonly boolean[]): number {
  const squares = rrMs.flatMap((rr, i) =>
    i > 0 && counts[i] && counts[i - 1] ? [(rr - (rrMs[i - 1] ?? NaN)) ** 2] : [],
  );
  return Math.sqrt(squares.reduce((sum, one) => sum + one, 0) / squares.length);
}

/** What the beats so far came to. */
export function resultOf(check: HrvCheck, nowMs: number): HrvResult {
  const counts = normal(check.rrMs);
  const kept = check.rrMs.filter((_, i) => counts[i]);
  if (kept.length < limits.min_beats) {
    return { kind: 'unmeasured', reason: 'no_intervals', artefactFrac: null };
  }
  const meanMs = kept.reduce((sum, rr) => sum + rr, 0) / kept.length;
  const heardMs = check.rrMs.filter(isPlausible).reduce((sum, rr) => sum + rr, 0);
  const missing = Math.max(0, Math.round((nowMs - check.startedMs - heardMs) / meanMs) - UNTOLD_BEATS);
  const artefactFrac = (check.rrMs.length - kept.length + missing) / (check.rrMs.length + missing);
  if (artefactFrac > limits.max_rejected_frac)
    return { kind: 'unmeasured', reason: 'artefacts', artefactFrac };
  const rmssd = rmssdMs(check.rrMs, counts);
  if (rmssd < LEAST_MS) return { kind: 'unmeasured', reason: 'averaged', artefactFrac };
  return {
    kind: 'measured',
    rmssdMs: rmssd,
    lnRmssd: Math.log(rmssd),
    hrBpm: MS_PER_MIN / meanMs,
    beats: kept.length,
    artefactFrac,
  };
}
