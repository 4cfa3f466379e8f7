/** Laps, pool lengths and sets of a leg: loosely typed in the API, checked here before they are shown. */
import type { LegDetail } from '@/api/types';
import type { CurvePoint } from '@/design/charts';

export type Lap = {
  elapsed_s: number;
  timer_s: number | null;
  distance_m: number | null;
  speed_m_s: number | null;
  hr_mean_bpm: number | null;
  power_mean_w: number | null;
};

export type Length = { elapsed_s: number; is_active: boolean; stroke: string | null; strokes: number | null };

export type StrengthSet = {
  elapsed_s: number | null;
  is_active: boolean;
  exercise: string | null;
  reps: number | null;
  mass_kg: number | null;
};

type Loose = Record<string, unknown>;

function number(item: Loose, name: string): number | null {
  const value = item[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function text(item: Loose, name: string): string | null {
  const value = item[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

export function lapsOf(leg: LegDetail): Lap[] {
  return leg.laps.map((item) => {
    const elapsed_s = number(item, 'elapsed_s') ?? 0;
    const timer_s = number(item, 'timer_s');
    const distance_m = number(item, 'distance_m');
    const moved_s = timer_s ?? elapsed_s;
    const mean = number(item, 'speed_mean_m_s');
    return {
      elapsed_s,
      timer_s,
      distance_m,
      speed_m_s: mean ?? (distance_m !== null && moved_s > 0 ? distance_m / moved_s : null),
      hr_mean_bpm: number(item, 'hr_mean_bpm'),
      power_mean_w: number(item, 'power_mean_w'),
    };
  });
}

export function lengthsOf(leg: LegDetail): Length[] {
  const lengths: unknown = leg.lengths;
  if (!Array.isArray(lengths)) return [];
  return (lengths as Loose[]).map((item) => ({
    elapsed_s: number(item, 'elapsed_s') ?? 0,
    is_active: item.is_active !== false,
    stroke: text(item, 'stroke'),
    strokes: number(item, 'strokes'),
  }));
}

export function setsOf(leg: LegDetail): StrengthSet[] {
  return leg.sets.map((item) => ({
    elapsed_s: number(item, 'elapsed_s'),
    is_active: item.is_active !== false,
    exercise: text(item, 'exercise'),
    reps: number(item, 'reps'),
    mass_kg: number(item, 'mass_kg'),
  }));
}

/** Best efforts in order of their duration. */
export function effortsOf(best: Readonly<Record<string, number>>): CurvePoint[] {
  return Object.entries(best)
    .map(([duration, value]) => ({ duration_s: Number(duration), value }))
    .filter((point) => point.duration_s > 0 && Number.isFinite(point.value))
    .sort((a, b) => a.duration_s - b.duration_s);
}
