/** What speaks against a plan, its races and what becomes of Fitness, as words of the app where it has them. Pure. */
import type { Plan } from '@/api/types';

const RACE_CODES = [
  'race_too_long',
  'long_run_short',
  'race_too_soon',
  'races_too_close',
  'race_unavailable',
] as const;
const PLAN_CODES = ['fitness_falls', 'fitness_falls_anyway'] as const;
const CODES = [...RACE_CODES, ...PLAN_CODES];

export type DoubtCode = (typeof CODES)[number];

/** The numbers of a doubt and the race it is about; what a code does not tell stays null. */
export type Doubt = {
  key: string;
  /** English, for kinds and plans that the app has no words for. */
  message: string;
  known: {
    code: DoubtCode;
    race: { date: string; distance_m: number } | null;
    other: { date: string; distance_m: number } | null;
    freeFrom: string | null;
    numbers: Record<string, number>;
  } | null;
};

const NEEDED: Record<DoubtCode, readonly string[]> = {
  race_too_long: ['longest_min', 'race_min'],
  long_run_short: ['longest_min', 'race_min', 'needed_min'],
  race_too_soon: ['race_load', 'week_load'],
  races_too_close: ['days', 'days_asked', 'other_distance_m'],
  race_unavailable: [],
  fitness_falls: ['ctl_start', 'ctl_end', 'hours_load', 'needed_load'],
  fitness_falls_anyway: ['ctl_start', 'ctl_end', 'week_load'],
};

export function doubtsOf(warnings: NonNullable<Plan['document']['warnings']>): Doubt[] {
  return warnings.map((warning) => {
    const params = warning.params ?? {};
    const code = CODES.find((item) => item === warning.code) ?? null;
    const numbers = Object.fromEntries(
      Object.entries(params).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    );
    const date = warning.date ?? null;
    const other = params.other_date;
    const freeFrom = params.free_from;
    const race = date === null ? null : { date, distance_m: numbers.distance_m ?? 0 };
    const isOfPlan = PLAN_CODES.some((item) => item === code);
    const isWhole =
      code !== null &&
      (isOfPlan || (race !== null && 'distance_m' in numbers)) &&
      NEEDED[code].every((name) => name in numbers) &&
      (code !== 'races_too_close' || (typeof other === 'string' && typeof freeFrom === 'string'));
    return {
      key: `${warning.code} ${date ?? ''}`,
      message: warning.message,
      known: isWhole
        ? {
            code,
            race,
            other:
              typeof other === 'string' ? { date: other, distance_m: numbers.other_distance_m ?? 0 } : null,
            freeFrom: typeof freeFrom === 'string' ? freeFrom : null,
            numbers,
          }
        : null,
    };
  });
}
