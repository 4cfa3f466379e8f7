/** Grid lines at values that are round in the unit people read, given back in SI. Pure. */
import { ticks as niceTicks } from 'd3-array';

import type { Sport, Units } from '@/api/types';
import { paceMeters, showsPace } from '@/lib/units';

import type { PanelId } from './streams';

const MOST = 3;
const MOST_PACES = 5;
const PACE_STEPS_S = [5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600];
/** Slower than this nobody reads a pace. */
const SLOWEST_PACE_S = 3600;

type Scale = { factor: number; offset: number };

function scaleOf(panel: PanelId, units: Units): Scale {
  const imperial = units === 'imperial';
  switch (panel) {
    case 'speed':
      return { factor: imperial ? 3600 / 1609.344 : 3.6, offset: 0 };
    case 'altitude':
      return { factor: imperial ? 1 / 0.3048 : 1, offset: 0 };
    case 'temperature':
      return { factor: imperial ? 9 / 5 : 1, offset: imperial ? 32 : 0 };
    case 'oscillation':
      return { factor: 1000, offset: 0 };
    case 'reserve':
      return { factor: 1 / 1000, offset: 0 };
    default:
      return { factor: 1, offset: 0 };
  }
}

/** Paces on a round grid between two speeds, as speeds, fastest first. */
export function paceTicks(low_m_s: number, high_m_s: number, meters: number): number[] {
  const fastest_s = meters / Math.max(high_m_s, 1e-6);
  const slowest_s = Math.min(meters / Math.max(low_m_s, 1e-6), SLOWEST_PACE_S, fastest_s * 3);
  const step =
    PACE_STEPS_S.find((candidate) => (slowest_s - fastest_s) / candidate <= MOST_PACES) ?? SLOWEST_PACE_S;
  const found: number[] = [];
  for (let pace_s = Math.ceil(fastest_s / step) * step; pace_s <= slowest_s; pace_s += step) {
    found.push(meters / pace_s);
  }
  return found;
}

export function ticksFor(
  panel: PanelId,
  sport: Sport,
  units: Units,
): (low: number, high: number) => number[] {
  if (panel === 'speed' && showsPace(sport)) {
    const meters = paceMeters(sport, units);
    return (low, high) => paceTicks(low, high, meters);
  }
  const { factor, offset } = scaleOf(panel, units);
  return (low, high) =>
    niceTicks(low * factor + offset, high * factor + offset, MOST).map((value) => (value - offset) / factor);
}
