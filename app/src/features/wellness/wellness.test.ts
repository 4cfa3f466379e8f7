import type { Wellness, WellnessDay, WellnessValue } from '@/api/types';

import { changeOf, hoursText, parsedField, shownText, typedBefore, typedSeconds } from './entry';
import { pointsOf, sourceName, weekMean } from './series';

const value = (part: Partial<WellnessValue>): WellnessValue => ({
  metric: 'body_mass_kg',
  value: 70,
  unit: 'kg',
  source: 'manual',
  measured_at: null,
  device: null,
  is_chosen: true,
  ...part,
});

const day = (date: string, ...values: WellnessValue[]): WellnessDay => ({ date, values });

describe('what is typed', () => {
  test('sleep is hours and minutes or a number of hours', () => {
    expect(typedSeconds('7:30')).toBe(27_000);
    expect(typedSeconds('7,5')).toBe(27_000);
    expect(typedSeconds('7:75')).toBeNull();
    expect(hoursText(27_030)).toBe('7:31');
  });

  test('mass is typed in the units of the person', () => {
    expect(parsedField('body_mass_kg', '155', 'imperial')).toBeCloseTo(70.307, 3);
    expect(shownText('body_mass_kg', 70.3068, 'imperial')).toBe('155');
    expect(parsedField('body_mass_kg', '7', 'metric')).toBeUndefined();
    expect(parsedField('soreness', '11', 'metric')).toBeUndefined();
    expect(parsedField('mood', ' ', 'metric')).toBeNull();
  });

  test('only what was edited is sent, and an emptied field deletes', () => {
    const before = typedBefore(
      day('2026-03-02', value({ value: 70.123 }), value({ metric: 'soreness', value: 3, unit: '1' })),
    );
    expect(before).toEqual({ body_mass_kg: 70.123, soreness: 3 });
    expect(changeOf({ body_mass_kg: '70.1', soreness: '' }, before, 'metric')).toEqual({ soreness: null });
    expect(changeOf({ sleep_s: '8:00', mood: '' }, before, 'metric')).toEqual({ sleep_s: 28_800 });
  });

  test('values of other sources are not taken for typed ones', () => {
    expect(typedBefore(day('2026-03-02', value({ source: 'withings' })))).toEqual({});
  });
});

describe('lines over days', () => {
  const wellness = (...days: WellnessDay[]): Wellness => ({ days, metrics: [] });

  test('a line follows the source that counts', () => {
    const points = pointsOf(
      wellness(
        day('2026-03-02', value({ source: 'withings', value: 71, is_chosen: false }), value({ value: 70 })),
        day('2026-03-04', value({ value: 69 })),
      ),
      'body_mass_kg',
    );
    expect(points.map((point) => point.value.value)).toEqual([70, 69]);
    expect((points[1]?.at ?? 0) - (points[0]?.at ?? 0)).toBe(2);
  });

  test('a mean needs three values of the last seven days', () => {
    const of = (...days: [string, number][]) =>
      weekMean(
        pointsOf(wellness(...days.map(([date, one]) => day(date, value({ value: one })))), 'body_mass_kg'),
      );
    expect(of(['2026-03-01', 60], ['2026-03-08', 70], ['2026-03-09', 71])).toBeNull();
    expect(of(['2026-03-01', 60], ['2026-03-06', 69], ['2026-03-08', 70], ['2026-03-09', 71])).toBe(70);
    expect(of()).toBeNull();
  });

  test('sources have names', () => {
    expect(['apple_health', 'whoop', 'intervals_icu', 'manual'].map((one) => sourceName(one, 'you'))).toEqual(
      ['Apple Health', 'WHOOP', 'intervals.icu', 'you'],
    );
  });
});
