/** What the weeks of a list of activities add up to. Pure. */
import type { ActivitySummary } from '@/api/types';
import { weekStart } from '@/lib/time';

export type WeekSum = { start: string; count: number; seconds: number };
type Summed = Pick<ActivitySummary, 'id' | 'local_date' | 'moving_s' | 'timer_s'>;

/** The sum of each week under the id of the activity that stands first of it. The last week of a list that goes on has none:
 * more of it may come. */
export function weekSums(items: readonly Summed[], goesOn: boolean): Map<string, WeekSum> {
  const weeks = new Map<string, WeekSum & { first: string }>();
  for (const { id, local_date, moving_s, timer_s } of items) {
    const start = weekStart(local_date);
    const sum = weeks.get(start) ?? { first: id, start, count: 0, seconds: 0 };
    weeks.set(start, { ...sum, count: sum.count + 1, seconds: sum.seconds + (moving_s ?? timer_s) });
  }
  const last = items.at(-1);
  if (goesOn && last !== undefined) weeks.delete(weekStart(last.local_date));
  return new Map([...weeks.values()].map(({ first, ...sum }) => [first, sum]));
}
