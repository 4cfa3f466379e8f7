import type { ActivitySummary } from '@/api/types';

import { usualMinutes } from './habit';

const TODAY = '2026-02-02';

const done = (day: string, minutes: number, sport: ActivitySummary['sport'] = 'running') => ({
  local_date: day,
  sport,
  timer_s: minutes * 60,
});

test('days trained on in two of four weeks count with their middle length, up to what can be chosen', () => {
  const tuesdays = [done('2026-01-06', 40), done('2026-01-13', 44), done('2026-01-20', 90)];
  const sundays = [done('2026-01-11', 100), done('2026-01-18', 60), done('2026-01-18', 43)];
  expect(usualMinutes([...tuesdays, ...sundays], TODAY, 'running')).toEqual({
    mon: 0,
    tue: 45,
    wed: 0,
    thu: 0,
    fri: 0,
    sat: 0,
    sun: 120,
  });
});

test('one day, older days, today and other sports make no habit', () => {
  const once = [done('2026-01-07', 60)];
  const old = [done('2025-12-28', 60), done('2026-01-04', 60)];
  const now = [done(TODAY, 60), done('2026-01-26', 60)];
  const rides = [done('2026-01-08', 60, 'cycling'), done('2026-01-15', 60, 'cycling')];
  expect(usualMinutes([...once, ...old, ...now, ...rides], TODAY, 'running')).toBeNull();
  expect(usualMinutes(rides, TODAY, 'triathlon')).toMatchObject({ thu: 60 });
});
