/** What a score is made of, sorted for showing. Pure. */
import type { Challenge, CountedSet } from './challengeQueries';

/** Why a set adds nothing to the score; null when it does. */
export type LeftOut = 'otherDay' | 'noneCounts' | 'again';

export function leftOut(
  set: Pick<CountedSet, 'counted' | 'count' | 'day'>,
  { first_day, last_day }: Pick<Challenge, 'first_day' | 'last_day'>,
): LeftOut | null {
  if (set.counted) return null;
  if (set.day < first_day || set.day > last_day) return 'otherDay';
  return set.count === 0 ? 'noneCounts' : 'again';
}

/** The repetitions that do not count, by the reason for it, in the order in which the reasons come up. */
export function uncounted(reps: CountedSet['reps']): { reason: string; indexes: number[] }[] {
  const found = new Map<string, number[]>();
  for (const rep of reps) {
    if (!rep.counts) found.set(rep.reason, [...(found.get(rep.reason) ?? []), rep.index]);
  }
  return [...found].map(([reason, indexes]) => ({ reason, indexes }));
}
