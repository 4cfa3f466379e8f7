/** How the terms of readiness and the warnings are shown. Pure. */
import type { LoadWarning, Readiness, ReadinessTerm } from '@/api/types';

const digitsOf = { hrv: 0, resting_hr: 0, subjective: 1, balance: 0, sleep: 0 } as const;

/** Decimals for what a term saw and its usual: one more where both would read the same and yet move the score. */
export function digitsFor({ id, value, usual, points }: ReadinessTerm): number {
  const digits = digitsOf[id];
  const rounded = (number: number, to: number) => Number(number.toFixed(to));
  const moves = points !== null && rounded(points, 1) !== 0;
  return moves && rounded(value, digits) === rounded(usual, digits) ? digits + 1 : digits;
}

/** The daily value behind a term that is a mean of seven days; null for the others, which are of one day. */
export function dailyMetric({ id }: ReadinessTerm): 'hrv_rmssd_ms' | 'resting_hr_bpm' | null {
  if (id === 'hrv') return 'hrv_rmssd_ms';
  return id === 'resting_hr' ? 'resting_hr_bpm' : null;
}

/** The terms that move the score most, first. */
export function byWeightOfWord(terms: readonly ReadinessTerm[]): ReadinessTerm[] {
  return [...terms].sort((a, b) => Math.abs(b.points ?? 0) - Math.abs(a.points ?? 0));
}

export function toneOf(verdict: Readiness['verdict']): 'neutral' | 'success' | 'info' | 'warning' {
  switch (verdict) {
    case 'fresh':
      return 'success';
    case 'as_usual':
      return 'info';
    case 'unknown':
      return 'neutral';
    default:
      return 'warning';
  }
}

/** The numbers of a warning as texts for its sentence; signs become a list of words. */
export function warningValues(
  warning: LoadWarning,
  words: { number: (value: number, digits?: number) => string; sign: (code: string) => string },
): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries(warning.values)) {
    if (typeof value === 'number') shown[name] = words.number(value, Math.abs(value) < 10 ? 1 : 0);
    else if (typeof value === 'string') shown[name] = value;
    else if (Array.isArray(value)) shown[name] = value.map((one) => words.sign(String(one))).join(', ');
  }
  return shown;
}
