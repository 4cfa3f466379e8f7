/** What the plan had to assume, and what was taken from the athlete's own data; each with the place to change it. Pure. */
import type { Fitness, Plan } from '@/api/types';

export type Place = '/thresholds' | '/plan/new' | '/activities' | '/fitness';

export type Assumed = {
  code: string;
  params: Record<string, unknown>;
  /** English, for kinds that the app has no words for. */
  text: string;
  place: Place | null;
  isKnown: boolean;
};

const PLACES: Record<string, Place> = {
  threshold: '/thresholds',
  race_time: '/thresholds',
  fitness: '/activities',
  fitness_without_load: '/thresholds',
  fitness_known_since: '/plan/new',
  fatigue: '/activities',
  days_before: '/activities',
  longest: '/activities',
  longest_triathlon: '/activities',
  longest_other_sport: '/activities',
  longest_by_distance: '/activities',
  experience: '/plan/new',
};

const KNOWN_PLACES: Record<string, Place> = {
  threshold: '/thresholds',
  fitness: '/fitness',
  race_time: '/fitness',
};

type Loose = Record<string, unknown>;

function items(value: unknown): { code: string; params: Loose; text: string }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null) return [];
    const { code, params, text } = item as Loose;
    if (typeof code !== 'string') return [];
    return [
      {
        code,
        params: typeof params === 'object' && params !== null ? (params as Loose) : {},
        text: typeof text === 'string' ? text : '',
      },
    ];
  });
}

/** Why a fitness had to be assumed, by what is stored now: no load of what is stored, or none at that time. */
function fitnessCode(fitness: Fitness | undefined): string {
  if ((fitness?.days.at(-1)?.ctl ?? 0) > 0) return 'fitness_known_since';
  const hasNoLoad = fitness?.warnings.some((warning) => warning.code === 'activities_without_load') ?? false;
  return hasNoLoad ? 'fitness_without_load' : 'fitness';
}

export function assumedOf(plan: Plan, fitness?: Fitness): Assumed[] {
  return items((plan.document as Loose).assumed).map((item) => {
    const code = item.code === 'fitness' ? fitnessCode(fitness) : item.code;
    return { ...item, code, place: PLACES[code] ?? null, isKnown: false };
  });
}

export function filledInOf(plan: Plan): Assumed[] {
  return items((plan.request as Loose).filled_in).map((item) => ({
    ...item,
    place: KNOWN_PLACES[item.code] ?? null,
    isKnown: true,
  }));
}
