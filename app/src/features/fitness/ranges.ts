/** Which days are shown, and where the axis gets its texts. Pure. */
import type { FitnessDay, FitnessForecast } from '@/api/types';
import { addDays, dayDate, weekStart } from '@/lib/time';

export const ranges = ['6w', '3m', '1y', 'all'] as const;
export type Range = (typeof ranges)[number];

const LENGTH_DAYS: Record<Range, number> = { '6w': 42, '3m': 92, '1y': 365, all: Infinity };
const FIRST_DAY_EVER = '1990-01-01';

/** First day to ask for: a year is fetched at once so that switching the shorter ranges is immediate. */
export function firstDay(range: Range, today: string): string {
  return range === 'all' ? FIRST_DAY_EVER : addDays(today, -364);
}

/** Without the days before the first training. */
export function sinceFirstLoad(days: readonly FitnessDay[]): readonly FitnessDay[] {
  const first = days.findIndex((day) => day.load_au > 0 || day.ctl > 0);
  return first < 0 ? [] : days.slice(first);
}

export function daysInRange(days: readonly FitnessDay[], range: Range): readonly FitnessDay[] {
  const length = LENGTH_DAYS[range];
  return days.length <= length ? days : days.slice(-length);
}

/** The days shown, and after them what follows if the plan is done; at most as many again. */
export function withForecast(
  past: readonly FitnessDay[],
  forecast: FitnessForecast | undefined,
): readonly FitnessDay[] {
  const last = past.at(-1);
  if (last === undefined || forecast === undefined) return past;
  const ahead = forecast.days.filter((day) => day.date > last.date).slice(0, Math.max(past.length, 42));
  return ahead.length === 0 ? past : [...past, ...ahead];
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

/** Weeks in a row with training until today; a week that is not over yet breaks none. */
export function weeksInARow(days: readonly FitnessDay[], today: string): number {
  const trained = new Set(
    days.filter((day) => day.load_au > 0 && day.date <= today).map((day) => weekStart(day.date)),
  );
  const thisWeek = weekStart(today);
  let week = trained.has(thisWeek) ? thisWeek : addDays(thisWeek, -7);
  let count = 0;
  for (; trained.has(week); week = addDays(week, -7)) count += 1;
  return count;
}

/** Change over the last seven days; null before there are that many. */
export function weekChange(days: readonly FitnessDay[], pick: (day: FitnessDay) => number): number | null {
  const now = days.at(-1);
  const before = days.at(-8);
  return now === undefined || before === undefined ? null : pick(now) - pick(before);
}

export type FormState = 'fresh' | 'balanced' | 'productive' | 'strained';

/** Form of the morning in words, as a share of fitness: what it means depends on how much somebody trains. */
export function formState(day: FitnessDay): FormState | null {
  if (day.ctl < 5) return null;
  const share = day.tsb_morning / day.ctl;
  if (share > 0.15) return 'fresh';
  if (share > -0.1) return 'balanced';
  return share > -0.35 ? 'productive' : 'strained';
}
