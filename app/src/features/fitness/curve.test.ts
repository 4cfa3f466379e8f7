import type { Curve, CurveBest } from '@/api/types';

import { modelled, named, thinned } from './curve';

const best = (duration_s: number): CurveBest => ({
  duration_s,
  value: 300,
  envelope: 300,
  activity_id: '00000000-0000-7000-8000-000000000000',
  date: '2026-05-01',
  start_s: 0,
});

const curve = (model: Curve['model']): Curve => ({
  sport: 'cycling',
  metric: 'power',
  unit: 'W',
  points: [],
  model,
});

test('efforts are named by durations people know, each once', () => {
  const found = named([best(1), best(58), best(63), best(1230), best(5000)]);
  expect(found.map((point) => point.duration_s)).toEqual([58, 1230, 5000]);
});

test('the model holds only for the efforts it was fitted to', () => {
  const fitted = curve({
    name: 'critical_power',
    critical: 250,
    reserve: 20_000,
    low: 245,
    high: 255,
    valid_from_s: 120,
    valid_to_s: 1800,
    warnings: [],
  });
  expect(modelled(fitted, 200)).toBe(350);
  expect(modelled(fitted, 60)).toBeNull();
  expect(modelled(fitted, 3600)).toBeNull();
  expect(modelled(curve(null), 200)).toBeNull();
});

test('drawing keeps the ends', () => {
  const shown = thinned(
    Array.from({ length: 500 }, (_, index) => best(index + 1)),
    60,
  );
  expect(shown.length).toBeLessThanOrEqual(61);
  expect([shown[0]?.duration_s, shown.at(-1)?.duration_s]).toEqual([1, 500]);
});
