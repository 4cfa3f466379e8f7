/** Local time of records, and the days that a stretch of time touches. */
import type { Stretch } from './types';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
export const DAYS_AT_ONCE = 14;

/** The phone's own zone at an instant; it knows its past summer times. */
export function phoneOffsetS(at: Date): number {
  return -at.getTimezoneOffset() * 60;
}

/** Local time minus UTC in a named zone at an instant; the phone's own where there is no such zone. [s] */
export function offsetS(zone: unknown, at: Date): number {
  if (typeof zone !== 'string' || zone === '') return phoneOffsetS(at);
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }).formatToParts(at);
    const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
    const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
    return Math.round((wall - at.getTime()) / MINUTE_MS) * 60;
  } catch (error) {
    if (error instanceof RangeError) return phoneOffsetS(at);
    throw error;
  }
}

/** The calendar day at an instant where the clocks are so far from UTC. */
export function dayOf(at: Date, utcOffsetS: number): string {
  return new Date(at.getTime() + utcOffsetS * 1000).toISOString().slice(0, 10);
}

export function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export type DayRange = { first: string; last: string };

/** The days that the stretches may belong to, in whatever zone they were recorded, as ranges that can be sent at once. */
export function rangesOf(stretches: readonly Stretch[], within: DayRange): DayRange[] {
  const days = new Set<string>();
  for (const { start, end } of stretches) {
    const last = dayAfter(dayOf(end, 0));
    for (let day = dayAfter(dayOf(start, 0), -1); day <= last; day = dayAfter(day)) {
      if (day > within.last) break;
      if (day >= within.first) days.add(day);
    }
  }
  const ranges: DayRange[] = [];
  for (const day of [...days].sort()) {
    const open = ranges.at(-1);
    if (open !== undefined && day === dayAfter(open.last) && day < dayAfter(open.first, DAYS_AT_ONCE))
      open.last = day;
    else ranges.push({ first: day, last: day });
  }
  return ranges;
}

/** All instants that lie on the days somewhere on earth, and the evening before: a night belongs to the day it ends on. */
export function stretchOf({ first, last }: DayRange): Stretch {
  return {
    start: new Date(Date.parse(`${first}T00:00:00Z`) - 1.5 * DAY_MS),
    end: new Date(Date.parse(`${last}T00:00:00Z`) + 1.5 * DAY_MS),
  };
}
