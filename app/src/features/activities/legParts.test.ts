import type { LegDetail } from '@/api/types';

import { effortsOf, lapsOf, lengthsOf, setsOf } from './legParts';

const leg = (part: object): LegDetail => ({
  sport: 'running',
  started_at: '2026-01-01T00:00:00Z',
  elapsed_s: 0,
  timer_s: 0,
  samples: 0,
  laps: [],
  sets: [],
  pauses: [],
  rr_ms_count: 0,
  metrics: {},
  best_power_w: {},
  best_speed_m_s: {},
  channels: [],
  steady_hr_output: [],
  device_summary: {},
  warnings: [],
  ...part,
});

test("a lap's pace comes from its distance where the device gave none", () => {
  const [first, second] = lapsOf(
    leg({
      laps: [
        { elapsed_s: 300, timer_s: 250, distance_m: 1000 },
        { elapsed_s: 60, speed_mean_m_s: 3 },
      ],
    }),
  );
  expect(first?.speed_m_s).toBe(4);
  expect(second).toMatchObject({ speed_m_s: 3, distance_m: null });
});

test('a lap that lasted no time has no pace', () => {
  expect(lapsOf(leg({ laps: [{ elapsed_s: 0, distance_m: 10 }] }))[0]?.speed_m_s).toBeNull();
});

test('what is missing or malformed is absent, not zero', () => {
  expect(lengthsOf(leg({ lengths: null }))).toEqual([]);
  expect(setsOf(leg({ sets: [{ reps: 'ten', exercise: '' }] }))).toEqual([
    { elapsed_s: null, is_active: true, exercise: null, reps: null, mass_kg: null },
  ]);
});

test('best efforts come in order of duration', () => {
  expect(effortsOf({ '60': 300, '5': 600, x: 1 }).map((point) => point.duration_s)).toEqual([5, 60]);
});
