/** The days of a plan in weeks from Monday. Pure. */
import type { Plan, PlannedDay } from '@/api/types';
import { weekStart } from '@/lib/time';

export type PlanWeek = { start: string; days: PlannedDay[]; minutes: number; load: number };

export function weeksOf(days: readonly PlannedDay[]): PlanWeek[] {
  const weeks = new Map<string, PlanWeek>();
  for (const day of days) {
    const start = weekStart(day.date);
    const week = weeks.get(start) ?? { start, days: [], minutes: 0, load: 0 };
    week.days.push(day);
    for (const session of day.sessions) {
      week.minutes += session.minutes;
      week.load += session.load ?? 0;
    }
    weeks.set(start, week);
  }
  return [...weeks.values()].sort((a, b) => a.start.localeCompare(b.start));
}

/** Place of the week that holds the day; the first or last one outside the plan. */
export function weekIndexAt(weeks: readonly PlanWeek[], day: string): number {
  const start = weekStart(day);
  const index = weeks.findIndex((week) => week.start >= start);
  return index < 0 ? weeks.length - 1 : index;
}

export function dayOf(days: readonly PlannedDay[], date: string): PlannedDay | null {
  return days.find((day) => day.date === date) ?? null;
}

/** Today, or the first day of a plan that begins later. */
export function firstDayAhead(plan: Plan, today: string): string {
  return plan.document.days.find((day) => day.date >= today)?.date ?? today;
}
