import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as connect from './healthConnectRecords';
import * as kit from './healthKitRecords';
import { dayOf, offsetS, rangesOf, stretchOf } from './time';
import { documentText, fileName } from './workout';

const WATCH = { source: { name: 'Ada’s Apple Watch', bundleIdentifier: 'com.apple.health.1A2B' } };
const GOLDEN = join(__dirname, '../../../tests/golden/phone_workouts');
const golden = (name: string) => readFileSync(join(GOLDEN, name), 'utf8').trim();

describe('local time', () => {
  // Berlin put its clocks forward on 2026-03-29 at 01:00 UTC and back on 2026-10-25.
  it('knows the summer time of the zone at the instant', () => {
    expect(offsetS('Europe/Berlin', new Date('2026-03-29T00:59:59Z'))).toBe(3600);
    expect(offsetS('Europe/Berlin', new Date('2026-03-29T01:00:00Z'))).toBe(7200);
    expect(offsetS('Europe/Berlin', new Date('2026-10-25T01:00:00Z'))).toBe(3600);
    expect(offsetS('Asia/Kathmandu', new Date('2026-01-01T00:00:00Z'))).toBe(20_700);
    expect(offsetS('Pacific/Kiritimati', new Date('2026-01-01T00:00:00Z'))).toBe(50_400);
  });

  it('falls back to the phone for a zone that nobody knows', () => {
    const at = new Date('2026-07-01T10:00:00Z');
    expect(offsetS('Middle/Earth', at)).toBe(-at.getTimezoneOffset() * 60);
    expect(offsetS(undefined, at)).toBe(-at.getTimezoneOffset() * 60);
  });

  it('puts an instant on the day of the place', () => {
    expect(dayOf(new Date('2026-03-01T23:30:00Z'), 3600)).toBe('2026-03-02');
    expect(dayOf(new Date('2026-03-02T04:30:00Z'), -18_000)).toBe('2026-03-01');
  });
});

describe('days to read', () => {
  const at = (text: string) => ({ start: new Date(text), end: new Date(text) });
  const within = { first: '2026-02-01', last: '2026-03-31' };

  it('are those before and after too, since zones differ', () => {
    expect(rangesOf([at('2026-03-10T12:00:00Z')], within)).toEqual([
      { first: '2026-03-09', last: '2026-03-11' },
    ]);
  });

  it('are joined, cut at a fortnight, and end where is nothing to read', () => {
    const month = { start: new Date('2026-03-01T12:00:00Z'), end: new Date('2026-04-20T12:00:00Z') };
    const ranges = rangesOf([month, at('2026-01-02T00:00:00Z')], within);
    expect(ranges).toEqual([
      { first: '2026-02-28', last: '2026-03-13' },
      { first: '2026-03-14', last: '2026-03-27' },
      { first: '2026-03-28', last: '2026-03-31' },
    ]);
    expect(rangesOf([at('2025-01-02T00:00:00Z')], within)).toEqual([]);
  });

  it('hold the whole night before and every zone', () => {
    expect(stretchOf({ first: '2026-03-02', last: '2026-03-02' })).toEqual({
      start: new Date('2026-02-28T12:00:00Z'),
      end: new Date('2026-03-03T12:00:00Z'),
    });
  });
});

describe('HealthKit', () => {
  const written = (start: string, end = start, metadata = {}) => ({
    startDate: new Date(start),
    endDate: new Date(end),
    metadata,
    sourceRevision: WATCH,
  });

  it('is converted to our units, and left out where the unit is none of the kind', () => {
    const of = (kind: 'body_mass' | 'resting_hr' | 'hrv_sdnn', quantity: number, unit: string) =>
      kit.measurementOf(kind, { ...written('2026-03-01T06:00:00Z'), quantity, unit })?.value;
    expect(of('body_mass', 154.32, 'lb')).toBeCloseTo(69.998, 3);
    expect(of('body_mass', 11, 'st')).toBeCloseTo(69.853, 3);
    expect(of('resting_hr', 0.8, 'count/s')).toBeCloseTo(48, 9);
    expect(of('hrv_sdnn', 0.061, 's')).toBeCloseTo(61, 9);
    expect(of('body_mass', 70, 'count/min')).toBeUndefined();
    expect(of('resting_hr', Number.NaN, 'count/min')).toBeUndefined();
  });

  it('says who wrote it and where the clocks stood', () => {
    const record = {
      ...written('2026-07-01T05:00:00Z', '2026-07-01T05:01:00Z', { HKTimeZone: 'Asia/Tokyo' }),
    };
    expect(kit.measurementOf('hrv_sdnn', { ...record, quantity: 55.5, unit: 'ms' })).toEqual({
      kind: 'hrv_sdnn',
      value: 55.5,
      at: '2026-07-01T05:01:00.000Z',
      utc_offset_s: 32_400,
      device: 'Ada’s Apple Watch',
    });
  });

  it('has stages of sleep, and leaves out one that is not known', () => {
    const night = (value: number) =>
      kit.sleepOf({
        ...written('2026-03-28T23:00:00Z', '2026-03-29T05:00:00Z', { HKTimeZone: 'Europe/Berlin' }),
        value,
      });
    expect([0, 1, 2, 3, 4, 5].map((value) => night(value)?.stage)).toEqual([
      'in_bed',
      'asleep',
      'awake',
      'light',
      'deep',
      'rem',
    ]);
    // The night in which the clocks went forward ends in summer time.
    expect(night(3)?.utc_offset_s).toBe(7200);
    expect(night(99)).toBeNull();
    expect(kit.sleepOf({ ...written('2026-03-28T23:00:00Z'), value: 3 })).toBeNull();
  });

  it('gives a workout with pulse, route and pauses, always in the same words', () => {
    const start = Date.parse('2026-03-29T06:00:00Z');
    const at = (s: number) => new Date(start + s * 1000);
    const beat = (s: number, quantity: number) => ({
      ...written(at(s).toISOString()),
      quantity,
      unit: 'count/min',
    });
    const spot = (s: number, latitude: number, verticalAccuracy = 3) => ({
      date: at(s),
      latitude,
      longitude: 13.4,
      altitude: 34.56,
      verticalAccuracy,
    });
    const run = kit.workoutOf(
      {
        ...written(at(0).toISOString(), at(600).toISOString(), {
          HKTimeZone: 'Europe/Berlin',
          HKElevationAscended: { quantity: 1234, unit: 'cm' },
        }),
        uuid: '5B1E2C1A-0C62-4A3B-9F2E-1D7D3C5A9B10',
        workoutActivityType: 37,
        duration: { quantity: 9, unit: 'min' },
        totalDistance: { quantity: 1.2, unit: 'mi' },
        totalEnergyBurned: { quantity: 150, unit: 'kcal' },
        events: [
          { type: 2, startDate: at(180) },
          { type: 1, startDate: at(120) },
          { type: 7, startDate: at(130) },
        ],
      },
      [beat(5, 120), beat(0, 100), beat(599.5, 150), beat(700, 90), beat(-1, 80)],
      [{ locations: [spot(0, 52.51999999), spot(1, 52.5201, -1), spot(601, 53)] }],
    );
    expect(run).not.toBeNull();
    if (run === null) return;
    expect(run).toMatchObject({ sport: 'running', utc_offset_s: 7200, duration_s: 540, ascent_m: 12.34 });
    expect(run.distance_m).toBeCloseTo(1931.213, 3);
    expect(run.energy_kj).toBeCloseTo(627.6, 3);
    expect(run.pauses).toEqual([[120, 180]]);
    expect(run.heart_rate).toEqual([[0, 100], [5, 120], [599.5, 150]]); // prettier-ignore
    expect(run.route).toEqual([[0, 52.52, 13.4, 34.6], [1, 52.5201, 13.4, null]]); // prettier-ignore
    expect(documentText(run)).toBe(golden('apple_health.json'));
    expect(fileName(run)).toBe('apple_health_2026-03-29T06-00-00.json');
  });

  it('tells indoor and water apart and keeps what it has no word for', () => {
    const of = (workoutActivityType: number, metadata: object) =>
      kit.workoutOf(
        {
          ...written('2026-01-01T10:00:00Z', '2026-01-01T11:00:00Z', metadata),
          uuid: 'u',
          workoutActivityType,
          duration: { quantity: 3600, unit: 's' },
        },
        [],
        [],
      );
    expect(of(37, { HKIndoorWorkout: true })).toMatchObject({ sport: 'running', sub_sport: 'treadmill' });
    expect(of(13, { HKIndoorWorkout: 1 })).toMatchObject({ sport: 'cycling', sub_sport: 'indoor_cycling' });
    expect(of(46, { HKSwimmingLocationType: 2 })).toMatchObject({ sub_sport: 'open_water' });
    expect(of(4711, {})).toMatchObject({ sport: 'other', sub_sport: null, distance_m: null });
  });
});

describe('Health Connect', () => {
  const metadata = { id: '7f1c', dataOrigin: 'com.garmin.android.apps.connectmobile' };
  const berlin = { id: '+01:00', totalSeconds: 3600 };

  it('has its own kind of heart-rate variability', () => {
    const record = { time: '2026-03-01T05:00:00Z', zoneOffset: berlin, metadata };
    expect(connect.rmssdOf({ ...record, heartRateVariabilityMillis: 44.5 })).toEqual({
      kind: 'hrv_rmssd',
      value: 44.5,
      at: '2026-03-01T05:00:00.000Z',
      utc_offset_s: 3600,
      device: 'com.garmin.android.apps.connectmobile',
    });
    expect(connect.weightOf({ ...record, weight: { inKilograms: 70.2 } })?.value).toBe(70.2);
    expect(connect.restingOf({ ...record, time: 'never', beatsPerMinute: 48 })).toBeNull();
  });

  it('takes a night with its stages at the clock on which it ended', () => {
    const sleep = connect.sleepOf({
      startTime: '2026-03-28T22:00:00Z',
      endTime: '2026-03-29T05:00:00Z',
      startZoneOffset: berlin,
      endZoneOffset: { totalSeconds: 7200 },
      metadata,
      stages: [
        { startTime: '2026-03-28T22:10:00Z', endTime: '2026-03-29T01:00:00Z', stage: 4 },
        { startTime: '2026-03-29T01:00:00Z', endTime: '2026-03-29T01:05:00Z', stage: 7 },
        { startTime: '2026-03-29T01:05:00Z', endTime: '2026-03-29T02:00:00Z', stage: 42 },
        { startTime: '2026-03-29T03:00:00Z', endTime: '2026-03-29T02:00:00Z', stage: 5 },
      ],
    });
    expect(sleep.map(({ stage }) => stage)).toEqual(['in_bed', 'light', 'awake']);
    expect(sleep.every(({ utc_offset_s }) => utc_offset_s === 7200)).toBe(true);
  });

  it('gives a workout as the same document, with the route only where it is wanted', () => {
    const session = {
      startTime: '2026-03-01T10:00:00Z',
      endTime: '2026-03-01T10:10:00Z',
      startZoneOffset: berlin,
      exerciseType: 8,
      title: ' Commute ',
      metadata: { ...metadata, device: { manufacturer: 'Garmin', model: 'Edge 840' } },
      exerciseRoute: {
        type: 'DATA',
        route: [
          { time: '2026-03-01T10:00:01Z', latitude: 52.5, longitude: 13.4, altitude: { inMeters: 34 } },
        ],
      },
    };
    const pulse = [{ samples: [{ time: '2026-03-01T10:00:02Z', beatsPerMinute: 101 }] }];
    const ride = connect.workoutOf(session, pulse, true);
    expect(ride).not.toBeNull();
    if (ride !== null) expect(documentText(ride)).toBe(golden('health_connect.json'));
    expect(connect.workoutOf(session, [], false)).toMatchObject({ route: [], heart_rate: [] });
    expect(connect.workoutOf({ ...session, endTime: session.startTime }, [], true)).toBeNull();
    expect(connect.hidesRoute(session)).toBe(false);
    expect(connect.hidesRoute({ ...session, exerciseRoute: { type: 'CONSENT_REQUIRED', route: [] } })).toBe(
      true,
    );
  });
});
