/** Which days are shown, and where the axis gets its texts. Pure. */
import type { FitnessDay } from '@/api/types';
import { dayDate } from '@/lib/time';

export const ranges = ['6w', '3m', '1y', 'all'] as const;
export type Range = (typeof ranges)[number];

const LENGTH_DAYS: Record<Range, number> = { '6w': 42, '3m': 92, '1y': 365, all: Infinity };

export function daysInRange(days: readonly FitnessDay[], range: Range): readonly FitnessDay[] {
  const length = LENGTH_DAYS[range];
  return days.length <= length ? days : days.slice(-length);
}

/** First days of months or Mondays, thinned to what fits. */
export function axisDays(days: readonly FitnessDay[], most: number): number[] {
  const isMonthStart = (day: FitnessDay) => dayDate(day.date).getUTCDate() === 1;
  const isMonday = (day: FitnessDay) => dayDate(day.date).getUTCDay() === 1;
  const pick = days.length > 100 ? isMonthStart : isMonday;
  const indices = days.flatMap((day, index) => (pick(day) ? [index] : []));
  const step = Math.max(1, Math.ceil(indices.length / most));
  return indices.filter((_index, place) => place % step === 0);
}

/** Change over the last seven days; null before there are that many. */
export function weekChange(days: readonly FitnessDay[], pick: (day: FitnessDay) => number): number | null {
  const now = days.at(-1);
  const before = days.at(-8);
  return now === undefined || before === undefined ? null : pick(now) - pick(before);
}

export type FormState = 'fresh' | 'balanced' | 'productive' | 'strained';

/** Form in words, as a share of fitness: what it means depends on how much somebody trains. */
export function formState(day: FitnessDay): FormState | null {
  if (day.ctl < 5) return null;
  const share = day.tsb / day.ctl;
  if (share > 0.15) return 'fresh';
  if (share > -0.1) return 'balanced';
  return share > -0.35 ? 'productive' : 'strained';
}
