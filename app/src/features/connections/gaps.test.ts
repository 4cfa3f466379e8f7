import type { CalendarDay } from '@/api/types';

import { gapsOf, isDay, weeksOf } from './gaps';

function days(first: string, states: string): CalendarDay[] {
  const words = { d: 'data', q: 'quiet', g: 'gap', o: 'outside' } as const;
  return [...states].map((letter, index) => ({
    day: new Date(Date.parse(`${first}T00:00:00Z`) + index * 86_400_000).toISOString().slice(0, 10),
    state: words[letter as keyof typeof words],
    activities: 0,
    values: 0,
  }));
}

test('neighbouring missing days are one gap, newest first', () => {
  expect(gapsOf(days('2026-02-26', 'dggggdgdqg'))).toEqual([
    { first: '2026-03-07', last: '2026-03-07', days: 1 },
    { first: '2026-03-04', last: '2026-03-04', days: 1 },
    { first: '2026-02-27', last: '2026-03-02', days: 4 },
  ]);
  expect(gapsOf(days('2026-02-26', 'dqo'))).toEqual([]);
});

test('weeks begin on Monday and are full', () => {
  // 2026-03-01 is a Sunday.
  const weeks = weeksOf(days('2026-03-01', 'dddddddddd'));
  expect(weeks.map((week) => week.length)).toEqual([7, 7, 7]);
  expect(weeks[0]?.filter((cell) => cell === null)).toHaveLength(6);
  expect(weeks[0]?.[6]?.day).toBe('2026-03-01');
  expect(weeks[1]?.[0]?.day).toBe('2026-03-02');
  expect(weeksOf([])).toEqual([]);
});

test.each([
  ['2026-02-28', true],
  ['2026-02-30', false],
  ['2026-2-3', false],
  ['', false],
  ['tomorrow', false],
])('%p is a day: %p', (text, expected) => {
  expect(isDay(text)).toBe(expected);
});
