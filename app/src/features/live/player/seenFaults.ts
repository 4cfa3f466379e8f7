/** What the camera saw wrong in sets; pure. */
import type { LiveSet } from '@/live/player/workout';

/** In how many counted repetitions each fault was seen, the most frequent first. */
export function faultsSeen(sets: readonly LiveSet[]): { code: string; reps: number }[] {
  const found = new Map<string, number>();
  for (const rep of sets.flatMap(({ reps }) => reps).filter(({ complete }) => complete)) {
    for (const { code, decision } of rep.faults) {
      if (decision === 'fault') found.set(code, (found.get(code) ?? 0) + 1);
    }
  }
  return [...found].map(([code, reps]) => ({ code, reps })).sort((a, b) => b.reps - a.reps);
}
