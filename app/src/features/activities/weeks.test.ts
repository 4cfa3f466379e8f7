import { weekSums } from './weeks';

const activity = (id: string, local_date: string, moving_s: number | null = 600) => ({
  id,
  local_date,
  moving_s,
  timer_s: 900,
});

// The fifth of January 2026 is a Monday.
const LIST = [
  activity('d', '2026-01-12'),
  activity('c', '2026-01-11', null),
  activity('b', '2026-01-05'),
  activity('a', '2026-01-04'),
];

test('a week adds up from Monday to Sunday, by time in motion where it is known', () => {
  expect(weekSums(LIST, false)).toEqual(
    new Map([
      ['d', { start: '2026-01-12', count: 1, seconds: 600 }],
      ['c', { start: '2026-01-05', count: 2, seconds: 1500 }],
      ['a', { start: '2025-12-29', count: 1, seconds: 600 }],
    ]),
  );
});

test('a week of which more may come has no sum yet', () => {
  expect([...weekSums(LIST, true).keys()]).toEqual(['d', 'c']);
  expect(weekSums([], true).size).toBe(0);
});
