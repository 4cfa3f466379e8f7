/** The races of a plan and how its phases lie in time. Pure. */
import type { Plan } from '@/api/types';
import { daysBetween } from '@/lib/time';

export type SeasonRace = {
  date: string;
  sport: string;
  distance_m: number | null;
  priority: 'A' | 'B' | 'C';
  isGoal: boolean;
};

export type SeasonPhase = { name: string; start: string; end: string; days: number; focus: string };

type Loose = Record<string, unknown>;

function raceOf(value: unknown, isGoal: boolean): SeasonRace[] {
  if (typeof value !== 'object' || value === null) return [];
  const { date, sport, distance_m, priority } = value as Loose;
  if (typeof date !== 'string') return [];
  const known = priority === 'A' || priority === 'B' || priority === 'C' ? priority : null;
  return [
    {
      date,
      sport: typeof sport === 'string' ? sport : 'running',
      distance_m: typeof distance_m === 'number' ? distance_m : null,
      priority: known ?? (isGoal ? 'A' : 'B'),
      isGoal,
    },
  ];
}

/** The time that the plan counts on for a race on the way; null where the plan does not hold it. [s] */
export function plannedTime_s(days: Plan['document']['days'], date: string): number | null {
  const held = days.find((day) => day.date === date)?.sessions.find((item) => item.kind === 'race');
  return held ? Math.round(held.minutes * 60) : null;
}

/** The goal, where it is a race, and the races on the way, in order of date. */
export function racesOf(request: Plan['request']): SeasonRace[] {
  const { goal, other_races } = request as Loose;
  const isRace = (goal as Loose | undefined)?.type === 'race';
  const others = Array.isArray(other_races) ? other_races.flatMap((item) => raceOf(item, false)) : [];
  return [...others, ...(isRace ? raceOf(goal, true) : [])].sort((a, b) => a.date.localeCompare(b.date));
}

export function phasesOf(phases: Plan['document']['phases']): SeasonPhase[] {
  return phases.flatMap((phase) => {
    const { name, start, end, focus } = phase as Loose;
    return typeof name === 'string' && typeof start === 'string' && typeof end === 'string'
      ? [
          {
            name,
            start,
            end,
            days: daysBetween(start, end) + 1,
            focus: typeof focus === 'string' ? focus : '',
          },
        ]
      : [];
  });
}
