/** What an athlete's last weeks looked like, as the form of a new plan asks for it. Pure. */
import type { ActivitySummary } from '@/api/types';
import { addDays, dayDate } from '@/lib/time';

import { minuteChoices, type PlanSport, type Weekday, weekdays } from './order';

export const HABIT_DAYS = 28;

/** In how many of the four weeks a weekday was trained on before it counts as one of theirs. */
const REGULAR = 2;

const trained: Record<PlanSport, readonly ActivitySummary['sport'][]> = {
  running: ['running'],
  cycling: ['cycling'],
  swimming: ['swimming'],
  triathlon: ['running', 'cycling', 'swimming'],
  strength: ['strength'],
};

export const habitSince = (today: string) => addDays(today, -HABIT_DAYS);

/** The usual minutes of each weekday over the four weeks before today, up to the next that can be chosen; null without any. */
export function usualMinutes(
  activities: readonly Pick<ActivitySummary, 'local_date' | 'sport' | 'timer_s'>[],
  today: string,
  sport: PlanSport,
): Record<Weekday, number> | null {
  const days = new Map<string, number>();
  for (const { local_date: day, sport: done, timer_s: time_s } of activities)
    if (day >= habitSince(today) && day < today && trained[sport].includes(done))
      days.set(day, (days.get(day) ?? 0) + time_s / 60);
  const usual = weekdays.map((_, place) => {
    const held = [...days].filter(([day]) => (dayDate(day).getUTCDay() + 6) % 7 === place);
    const minutes = held.map(([, value]) => value).sort((one, other) => one - other);
    if (minutes.length < REGULAR) return 0;
    const middle = minutes[Math.floor(minutes.length / 2)] ?? 0;
    return minuteChoices.find((choice) => choice >= middle) ?? minuteChoices[minuteChoices.length - 1] ?? 0;
  });
  if (usual.every((minutes) => minutes === 0)) return null;
  const [mon = 0, tue = 0, wed = 0, thu = 0, fri = 0, sat = 0, sun = 0] = usual;
  return { mon, tue, wed, thu, fri, sat, sun };
}
