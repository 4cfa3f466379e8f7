/** One speed, cadence, power and way out of several sources: the best that still speaks counts; pure. */

import type { Motion } from './pods';

export type Source = 'footPod' | 'bikeSensor' | 'powerMeter' | 'gps' | 'phone';
export type Quantity = 'speedMS' | 'cadence' | 'powerW';

type Heard = { value: number; ms: number; source: Source };

export type Fused = {
  heard: Partial<Record<Quantity, Heard>>;
  /** Not yet taken by the recording. [m] */
  wayM: number;
  /** Until when the way is known, so that two sources never count the same stretch. */
  coveredMs: number | null;
  hasWay: boolean;
};

export const newFused = (): Fused => ({ heard: {}, wayM: 0, coveredMs: null, hasWay: false });

/** A reading older than this is none. */
const FRESH_MS = 4_000;
const RANK: Record<Source, number> = { footPod: 5, bikeSensor: 4, powerMeter: 3, gps: 2, phone: 1 };
const QUANTITIES = ['speedMS', 'cadence', 'powerW'] as const;

export function fresh(fused: Fused, quantity: Quantity, nowMs: number): number | null {
  const heard = fused.heard[quantity];
  return heard !== undefined && nowMs - heard.ms <= FRESH_MS ? heard.value : null;
}

function counts(fused: Fused, quantity: Quantity, source: Source, nowMs: number): boolean {
  const held = fused.heard[quantity];
  return held === undefined || nowMs - held.ms > FRESH_MS || RANK[source] >= RANK[held.source];
}

/** Take what a source says; while the clock stands no way is made. */
export function take(
  before: Fused,
  source: Source,
  motion: Motion,
  isCounting: boolean,
  nowMs: number,
): Fused {
  const heard = { ...before.heard };
  for (const quantity of QUANTITIES) {
    const value = motion[quantity];
    if (value !== null && counts(before, quantity, source, nowMs)) {
      heard[quantity] = { value, ms: nowMs, source };
    }
  }
  const after = { ...before, heard };
  if (!isCounting) return { ...after, wayM: 0, coveredMs: nowMs };
  if (motion.wayM === null || !counts(before, 'speedMS', source, nowMs)) return after;
  const spanMs = nowMs - motion.fromMs;
  const newMs = nowMs - Math.max(motion.fromMs, before.coveredMs ?? motion.fromMs);
  const share = spanMs > 0 ? Math.max(0, newMs) / spanMs : 0;
  return { ...after, wayM: before.wayM + motion.wayM * share, coveredMs: nowMs, hasWay: true };
}

/** The way since it was last asked for; null while no source tells any. [m] */
export function takeWay(before: Fused): [Fused, number | null] {
  return before.hasWay ? [{ ...before, wayM: 0 }, before.wayM] : [before, null];
}
