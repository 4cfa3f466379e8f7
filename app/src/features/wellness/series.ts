/** Daily values as lines over days. Pure. */
import type { Wellness, WellnessMetric, WellnessValue } from '@/api/types';
import { dayDate } from '@/lib/time';

/** Shown where there is a value; RMSSD and SDNN are different quantities and never one line. */
export const charted = [
  'body_mass_kg',
  'sleep_s',
  'hrv_rmssd_ms',
  'hrv_sdnn_ms',
  'resting_hr_bpm',
] as const satisfies readonly WellnessMetric[];
export type Charted = (typeof charted)[number];

const MS_PER_DAY = 86_400_000;

export type Point = { day: string; at: number; value: WellnessValue };

/** The chosen values of a metric, oldest first; `at` counts days. */
export function pointsOf(wellness: Wellness, metric: WellnessMetric): Point[] {
  return wellness.days.flatMap(({ date, values }) => {
    const value = values.find((one) => one.metric === metric && one.is_chosen);
    return value === undefined ? [] : [{ day: date, at: dayDate(date).getTime() / MS_PER_DAY, value }];
  });
}

/** Mean of the values of the last seven days before and with the last value; null with fewer than three of them. */
export function weekMean(points: readonly Point[]): number | null {
  const last = points.at(-1);
  if (last === undefined) return null;
  const week = points.filter((point) => point.at > last.at - 7);
  return week.length < 3 ? null : week.reduce((sum, point) => sum + point.value.value, 0) / week.length;
}

/** `apple_health` as people read it. */
export function sourceName(source: string, typed: string): string {
  if (source === 'manual') return typed;
  const known: Record<string, string> = {
    whoop: 'WHOOP',
    intervals_icu: 'intervals.icu',
    fit_file: 'FIT',
  };
  return (
    known[source] ??
    source
      .split('_')
      .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
      .join(' ')
  );
}
