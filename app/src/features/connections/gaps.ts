/** The calendar of a connection as stretches and as weeks. */
import type { CalendarDay } from '@/api/types';
import { addDays, dayDate } from '@/lib/time';

export type Gap = { first: string; last: string; days: number };

/** Neighbouring days without data that the habit does not explain, newest first. */
export function gapsOf(days: readonly CalendarDay[]): Gap[] {
  const gaps: Gap[] = [];
  for (const { day, state } of days) {
    const open = gaps.at(-1);
    if (state !== 'gap') continue;
    if (open && addDays(open.last, 1) === day) {
      open.last = day;
      open.days += 1;
    } else {
      gaps.push({ first: day, last: day, days: 1 });
    }
  }
  return gaps.reverse();
}

/** Columns of seven days that begin on Monday; null where the range has no day. */
export function weeksOf(days: readonly CalendarDay[]): (CalendarDay | null)[][] {
  const first = days[0];
  if (first === undefined) return [];
  const lead = (dayDate(first.day).getUTCDay() + 6) % 7;
  const cells: (CalendarDay | null)[] = [...Array<null>(lead).fill(null), ...days];
  while (cells.length % 7 !== 0) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Whether a text is a calendar day that exists. */
export function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const date = dayDate(text);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}
