/** How the terms of readiness and the warnings are shown. Pure. */
import type { LoadWarning, Readiness, ReadinessTerm } from '@/api/types';

/** What a term saw and what is usual, as numbers people know; null where only the points say something. */
export function shownTerm(
  term: ReadinessTerm,
): { value: number; usual: number; unit: TermUnit; digits: number } | null {
  switch (term.id) {
    case 'hrv':
      return { value: term.value, usual: term.usual, unit: 'ms', digits: 0 };
    case 'resting_hr':
      return { value: term.value, usual: term.usual, unit: 'bpm', digits: 0 };
    case 'sleep':
      return { value: term.value / 3600, usual: term.usual / 3600, unit: 'h', digits: 1 };
    case 'subjective':
      return { value: term.value, usual: term.usual, unit: 'ofTen', digits: 1 };
    default:
      return null;
  }
}

export type TermUnit = 'ms' | 'bpm' | 'h' | 'ofTen';

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
