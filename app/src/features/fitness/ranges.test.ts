import type { FitnessDay } from '@/api/types';
import { addDays } from '@/lib/time';

import {
  axisDays,
  daysInRange,
  firstDay,
  formState,
  sinceFirstLoad,
  weekChange,
  weeksInARow,
  withForecast,
} from './ranges';

const day = (part: Partial<FitnessDay>): FitnessDay => ({
  date: '2026-01-01',
  load_au: 0,
  ctl: 0,
  atl: 0,
  tsb: 0,
  tsb_morning: 0,
  ...part,
});
const days = (count: number): FitnessDay[] =>
  Array.from({ length: count }, (_, index) => day({ date: addDays('2025-01-01', index), ctl: index }));

test('a range is its last days, or all there are', () => {
  expect(daysInRange(days(100), '6w')).toHaveLength(42);
  expect(daysInRange(days(10), '1y')).toHaveLength(10);
  expect(daysInRange(days(900), 'all')).toHaveLength(900);
});

test('a year is asked for at once, everything only on demand', () => {
  expect(firstDay('6w', '2026-12-31')).toBe('2026-01-01');
  expect(firstDay('all', '2026-12-31') < '2000-01-01').toBe(true);
});

test('the empty time before the first training is left out', () => {
  expect(sinceFirstLoad([day({}), day({ load_au: 50 }), day({})])).toHaveLength(2);
  expect(sinceFirstLoad([day({})])).toEqual([]);
});

test('weeks start on Mondays on the axis, long ranges show months', () => {
  const week = axisDays(days(42), 10).map((index) => days(42)[index]?.date);
  expect(week).toContain('2025-01-06');
  const year = axisDays(days(365), 20).map((index) => days(365)[index]?.date);
  expect(year).toEqual(expect.arrayContaining(['2025-01-01', '2025-12-01']));
  expect(axisDays(days(365), 4).length).toBeLessThanOrEqual(4);
});

test('the change over a week needs eight days', () => {
  expect(weekChange(days(8), (item) => item.ctl)).toBe(7);
  expect(weekChange(days(7), (item) => item.ctl)).toBeNull();
});

test.each([
  [50, 10, 'fresh'],
  [50, 0, 'balanced'],
  [50, -12, 'productive'],
  [50, -25, 'strained'],
])('fitness %p with form %p is %p', (ctl, tsb, state) => {
  expect(formState(day({ ctl, tsb_morning: tsb }))).toBe(state);
});

test('with hardly any training there is no verdict', () => {
  expect(formState(day({ ctl: 2, tsb_morning: -2 }))).toBeNull();
});

test('what follows is only what lies after the last day, at most as many days as are shown', () => {
  const past = days(50);
  const ahead = Array.from({ length: 200 }, (_, index) => day({ date: addDays('2025-01-01', 45 + index) }));
  const shown = withForecast(past, { days: ahead, race_date: null, race_distance_m: null });
  expect(shown).toHaveLength(100);
  expect(shown[50]?.date).toBe(addDays('2025-01-01', 50));
  expect(withForecast(past, undefined)).toBe(past);
  expect(withForecast([], { days: ahead, race_date: null, race_distance_m: null })).toHaveLength(0);
});

test('weeks in a row end with the first without training, and not with one that has just begun', () => {
  const trainedOn = (...dates: string[]) => dates.map((date) => day({ date, load_au: 50 }));
  // 5 January 2026 is a Monday.
  const four = trainedOn('2026-01-05', '2026-01-18', '2026-01-19', '2026-01-20', '2026-01-26');
  expect(weeksInARow(four, '2026-02-01')).toBe(4);
  expect(weeksInARow(four, '2026-02-08')).toBe(4);
  expect(weeksInARow(four, '2026-02-09')).toBe(0);
  expect(weeksInARow(trainedOn('2026-01-05', '2026-01-19'), '2026-01-21')).toBe(1);
  expect(weeksInARow([day({ date: '2026-01-21' })], '2026-01-21')).toBe(0);
});
