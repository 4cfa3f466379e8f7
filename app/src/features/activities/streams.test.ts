import type { ActivityStreams } from '@/api/types';

import { distanceAxis, panelsOf, timeTicks, typicalRange } from './streams';
import { paceTicks, ticksFor } from './ticks';

function streams(channels: ActivityStreams['channels']): ActivityStreams {
  const length = Object.values(channels)[0]?.length ?? 0;
  return { leg: 0, t_s: Array.from({ length }, (_, index) => index), channels, samples: length };
}

const many = (value: number | null, count = 100) => Array.from({ length: count }, () => value);

describe('panels', () => {
  test('a channel that was hardly observed, or is always zero, gets none', () => {
    const hardly = many(null);
    hardly[0] = 140;
    const panels = panelsOf(streams({ hr_bpm: hardly, power_w: many(0), altitude_m: many(0) }));
    expect(panels.map((panel) => panel.id)).toEqual(['altitude']);
  });
  test('sea level is an altitude', () => {
    expect(panelsOf(streams({ altitude_m: many(0) }))).toHaveLength(1);
  });
});

describe('distance axis', () => {
  test('gaps keep the last distance and it never runs back', () => {
    expect(distanceAxis(streams({ distance_m: [0, 5, null, 4, 9] }))).toEqual([0, 5, 5, 5, 9]);
  });
  test('without distances there is none', () => {
    expect(distanceAxis(streams({ hr_bpm: [1] }))).toBeNull();
    expect(distanceAxis(streams({ distance_m: [0, 0, 0] }))).toBeNull();
  });
});

test('the scale leaves out the slowest fiftieth, where somebody stood', () => {
  const values = [...many(3, 99), 0];
  expect(typicalRange(values)).toEqual([3, 3]);
});

test('time has round marks', () => {
  expect(timeTicks(3600, 6)).toEqual([0, 600, 1200, 1800, 2400, 3000, 3600]);
  expect(timeTicks(95, 4)).toEqual([0, 30, 60, 90]);
});

describe('grid lines are round in the unit people read', () => {
  test('km/h and mph', () => {
    const metric = ticksFor(
      'speed',
      'cycling',
      'metric',
    )(2, 12).map((value) => Math.round(value * 3.6 * 1000) / 1000);
    expect(metric).toEqual([10, 20, 30, 40]);
    const imperial = ticksFor(
      'speed',
      'cycling',
      'imperial',
    )(2, 12).map((value) => Math.round(((value * 3600) / 1609.344) * 1000) / 1000);
    expect(imperial).toEqual([10, 20]);
  });
  test('paces between 4:00 and 6:00', () => {
    const paces = paceTicks(1000 / 360, 1000 / 240, 1000).map((value) => Math.round(1000 / value));
    expect(paces).toEqual([240, 270, 300, 330, 360]);
  });
  test('a standing runner does not stretch them without end', () => {
    expect(paceTicks(0, 4, 1000).length).toBeLessThanOrEqual(6);
  });
});
