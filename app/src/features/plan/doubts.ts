/** What speaks against the races of a plan, as words of the app where it has them. Pure. */
import type { Plan } from '@/api/types';

const CODES = ['race_too_long', 'race_too_soon', 'races_too_close', 'race_unavailable'] as const;

export type DoubtCode = (typeof CODES)[number];

/** A race and the numbers of the doubt; what a code does not tell stays null. */
export type Doubt = {
  key: string;
  /** English, for kinds and plans that the app has no words for. */
  message: string;
  known: {
    code: DoubtCode;
    date: string;
    distance_m: number;
    other: { date: string; distance_m: number } | null;
    freeFrom: string | null;
    numbers: Record<string, number>;
  } | null;
};

const NEEDED: Record<DoubtCode, readonly string[]> = {
  race_too_long: ['longest_min', 'race_min'],
  race_too_soon: ['race_load', 'week_load'],
  races_too_close: ['days', 'days_asked', 'other_distance_m'],
  race_unavailable: [],
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
    const isWhole =
      code !== null &&
      date !== null &&
      ['distance_m', ...NEEDED[code]].every((name) => name in numbers) &&
      (code !== 'races_too_close' || (typeof other === 'string' && typeof freeFrom === 'string'));
    return {
      key: `${warning.code} ${date ?? ''}`,
      message: warning.message,
      known: isWhole
        ? {
            code,
            date,
            distance_m: numbers.distance_m ?? 0,
            other:
              typeof other === 'string' ? { date: other, distance_m: numbers.other_distance_m ?? 0 } : null,
            freeFrom: typeof freeFrom === 'string' ? freeFrom : null,
            numbers,
          }
        : null,
    };
  });
}
