/** Steps of a planned session: loosely typed in the API, checked here, and turned into bars. Pure. */
import type { Bar } from '@/design/charts';
import type { ColorName } from '@/design';

export type Step = {
  kind: string;
  text: string;
  duration_s: number;
  count: number;
  low_pct: number | null;
  high_pct: number | null;
  pace: string | null;
  power: [number, number] | null;
  speed_m_s: [number, number] | null;
  hr_bpm: [number, number] | null;
  cadence_rpm: number | null;
  rpe: [number, number] | null;
  reps: number | null;
  /** What is done, as the planner calls it; null where it is no strength step. */
  exercise: string | null;
  steps: Step[];
};

type Loose = Record<string, unknown>;

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function pair(value: unknown): [number, number] | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [low, high] = [finite(value[0]), finite(value[1])];
  return low === null || high === null ? null : [low, high];
}

export function stepsOf(items: readonly Loose[]): Step[] {
  return items.map((item) => {
    const percent = pair(item.intensity_pct);
    const low = finite(item.low);
    const high = finite(item.high);
    const target = (unit: string): [number, number] | null =>
      item.target === unit && low !== null && high !== null ? [low, high] : null;
    return {
      kind: typeof item.kind === 'string' ? item.kind : 'steady',
      text: typeof item.text === 'string' ? item.text : '',
      duration_s: finite(item.duration_s) ?? 0,
      count: finite(item.count) ?? 1,
      low_pct: percent?.[0] ?? null,
      high_pct: percent?.[1] ?? null,
      pace: typeof item.pace === 'string' ? item.pace : null,
      power: target('power_w'),
      speed_m_s: target('speed_m_s'),
      hr_bpm: target('hr_bpm'),
      cadence_rpm: finite(item.cadence_rpm),
      rpe: pair(item.rpe),
      reps: finite(item.reps),
      exercise: typeof item.exercise === 'string' ? item.exercise : null,
      steps: Array.isArray(item.steps) ? stepsOf(item.steps as Loose[]) : [],
    };
  });
}

/** The steps one after the other, repeats multiplied out. */
export function flatSteps(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => {
    if (step.steps.length === 0) return [step];
    const inner = flatSteps(step.steps);
    return Array.from({ length: Math.max(1, step.count) }, () => inner).flat();
  });
}

const ZONE_LIMITS_PCT: readonly [number, ColorName][] = [
  [60, 'zone1'],
  [80, 'zone2'],
  [92, 'zone3'],
  [103, 'zone4'],
  [112, 'zone5'],
  [130, 'zone6'],
];

/** Zone colour of an intensity in percent of threshold. */
export function zoneTone(percent: number): ColorName {
  return ZONE_LIMITS_PCT.find(([limit]) => percent < limit)?.[1] ?? 'zone7';
}

const REST_PCT = 30;
/** Height that stands for an effort without a percentage, by its rating of 10. */
const PCT_PER_RPE = 11;

function intensity(step: Step): number {
  if (step.low_pct !== null && step.high_pct !== null && step.high_pct > 0)
    return (step.low_pct + step.high_pct) / 2;
  if (step.rpe !== null) return ((step.rpe[0] + step.rpe[1]) / 2) * PCT_PER_RPE;
  return REST_PCT;
}

const MOST_BARS = 80;

export function barsOf(steps: readonly Step[]): Bar[] {
  const flat = flatSteps(steps).filter((step) => step.duration_s > 0);
  return flat.slice(0, MOST_BARS).map((step) => {
    const level = intensity(step);
    return { weight: step.duration_s, low: 0, high: level, tone: zoneTone(level) };
  });
}
