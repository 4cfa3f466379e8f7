import english from '@/i18n/en.json';

import { flatNumbers, gatesOf, groupKey, reasonsIn } from './modelNumbers';

const judged = {
  people: 61,
  sets: 240,
  seen_in_training: { people: 0, examples: 0 },
  brier: { challenger: 0.11, champion: 0.19 },
  ece: { challenger: 0.06, champion: 0.2 },
  agrees: { challenger: 0.84, champion: 0.71 },
  gain: { mean: 0.08, low: 0.03, high: 0.13, level: 0.025, look: 1 },
  groups: {
    'view: side': { people: 40, sets: 160, gain: 0.09 },
    'view: front': { people: 3, sets: 8, gain: null },
  },
  against: 1,
  reasons: [],
};

test('a comparison on people held out is read with its interval and its groups', () => {
  const gates = gatesOf(judged);
  expect(gates?.people).toBe(61);
  expect(gates?.scores.map((score) => score.id)).toEqual(['brier', 'ece', 'agrees']);
  expect(gates?.scores[0]).toEqual({ id: 'brier', challenger: 0.11, champion: 0.19 });
  expect(gates?.gain).toEqual({ mean: 0.08, low: 0.03, high: 0.13 });
  // A group without a gain tells nothing.
  expect(gates?.groups).toEqual([{ name: 'view: side', people: 40, sets: 160, gain: 0.09 }]);
});

test('too few people held out leave nothing to compare, and other numbers are no comparison', () => {
  const few = gatesOf({ people: 0, sets: 0, seen_in_training: { people: 0, examples: 0 }, reasons: ['x'] });
  expect(few).toEqual({ people: 0, sets: 0, scores: [], gain: null, groups: [] });
  expect(gatesOf({ answers: 30, contradicted: 12 })).toBeNull();
  expect(gatesOf({})).toBeNull();
});

test('every number is named by its path; nothing is not zero', () => {
  expect(
    flatNumbers({ psi: { view: 0.3 }, expected: null, reasons: ['a', 'b'], empty: [], is: true }),
  ).toEqual([
    { name: 'psi.view', value: 0.3 },
    { name: 'expected', value: null },
    { name: 'reasons', value: 'a, b' },
    { name: 'is', value: 'true' },
  ]);
});

test('gates are told from reasons in words', () => {
  expect(reasonsIn('no_proven_gain, subgroup_worse')).toEqual(['no_proven_gain', 'subgroup_worse']);
  expect(reasonsIn('people contradict it')).toBeNull();
});

test.each(['view: side', 'view: three_quarter', 'view: unknown', 'line: seen', 'line: hidden'])(
  'the group %s has words',
  (name) => {
    const words = groupKey(name)
      .split('.')
      .reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], english);
    expect(words).toEqual(expect.any(String));
  },
);
