/** Instants shown in the time of the place where they happened, days kept as calendar days. */

export type LocalMoment = { started_at: string; utc_offset_s: number | null };

/** The wall clock at the place of the activity, as a Date whose UTC fields read that clock. */
function wallClock({ started_at, utc_offset_s }: LocalMoment): Date | null {
  if (utc_offset_s === null) return null;
  return new Date(Date.parse(started_at) + utc_offset_s * 1000);
}

/** Formats in the activity's own local time; where the file does not tell it, in the athlete's zone. */
export function formatLocal(
  moment: LocalMoment,
  athleteZone: string,
  language: string,
  options: Intl.DateTimeFormatOptions,
): string {
  const wall = wallClock(moment);
  return wall === null
    ? new Intl.DateTimeFormat(language, { ...options, timeZone: athleteZone }).format(
        new Date(moment.started_at),
      )
    : new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' }).format(wall);
}

/** The calendar day on which something happened, as the people there count. */
export function localDay(moment: LocalMoment, athleteZone: string): string {
  const wall = wallClock(moment);
  return wall === null ? todayIn(athleteZone, new Date(moment.started_at)) : wall.toISOString().slice(0, 10);
}

export const DAY_AND_TIME: Intl.DateTimeFormatOptions = {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
};

const ISO_DAY = /\b\d{4}-\d{2}-\d{2}\b/g;

/** The text with its dates as people read them. */
export function withDays(text: string, spoken: (day: string) => string): string {
  return text.replace(ISO_DAY, (day) => (Number.isNaN(dayDate(day).getTime()) ? day : spoken(day)));
}

/** A calendar day such as `2026-03-01`, read without any time zone. */
export function dayDate(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

export function formatDay(day: string, language: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' }).format(dayDate(day));
}

/** Today's calendar day in a time zone. */
export function todayIn(timeZone: string, now: Date): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(now);
  const part = (type: string) => parts.find((item) => item.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

export function addDays(day: string, days: number): string {
  const date = dayDate(day);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** Whole days from one calendar day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((dayDate(to).getTime() - dayDate(from).getTime()) / 86_400_000);
}

/** The Monday of the week that holds the day. */
export function weekStart(day: string): string {
  const weekday = (dayDate(day).getUTCDay() + 6) % 7;
  return addDays(day, -weekday);
}
