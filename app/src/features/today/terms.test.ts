import type { LoadWarning, ReadinessTerm } from '@/api/types';

import { byWeightOfWord, digitsFor, warningValues } from './terms';

const term = (id: ReadinessTerm['id'], points: number | null, value = 0): ReadinessTerm => ({
  id,
  value,
  usual: value,
  unit: '1',
  z: 0,
  weight: 0.2,
  points,
  days: 60,
});

test('a decimal more is shown where the usual would read the same and yet points are given', () => {
  const pulse = { ...term('resting_hr', -1.6, 50.4), usual: 49.8 };
  expect(digitsFor(pulse)).toBe(1);
  expect(digitsFor({ ...pulse, points: 0 })).toBe(0);
  expect(digitsFor({ ...pulse, points: null })).toBe(0);
  expect(digitsFor({ ...pulse, value: 52 })).toBe(0);
  expect(digitsFor(term('subjective', -1.6, 6.7))).toBe(2);
});

test('what moves the score most comes first, whichever way', () => {
  const sorted = byWeightOfWord([term('hrv', 2), term('sleep', -9), term('balance', null)]);
  expect(sorted.map((one) => one.id)).toEqual(['sleep', 'hrv', 'balance']);
});

test('numbers, days and signs become texts; what is null stays out', () => {
  const warning = {
    rule: 'R4',
    band: 'elevated',
    message: '',
    advice: '',
    evidence: '',
    values: {
      signs: ['sleep_short', 'mood_low'],
      excess_pct: 18.8,
      monotony: 2.13,
      day: '2026-11-21',
      none: null,
    },
  } as LoadWarning;
  const values = warningValues(warning, {
    number: (value, digits = 0) => value.toFixed(digits),
    sign: (code) => code.toUpperCase(),
  });
  expect(values).toEqual({
    signs: 'SLEEP_SHORT, MOOD_LOW',
    excess_pct: '19',
    monotony: '2.1',
    day: '2026-11-21',
  });
});
