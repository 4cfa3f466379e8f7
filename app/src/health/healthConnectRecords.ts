/** From what Health Connect holds to what the server takes. Nothing here asks the phone for anything. */
import { phoneOffsetS } from './time';
import type { Measurement, PhoneWorkout, SleepStretch } from './types';
import { amount, place, since, within } from './workout';

type Offset = { readonly totalSeconds: number } | null | undefined;
type Metadata = {
  readonly id?: string;
  readonly dataOrigin?: string;
  readonly device?: { readonly manufacturer?: string | null; readonly model?: string | null } | null;
};
type Written = { readonly metadata?: Metadata };
type Instant = Written & { readonly time: string; readonly zoneOffset?: Offset };
type Interval = Written & {
  readonly startTime: string;
  readonly endTime: string;
  readonly startZoneOffset?: Offset;
  readonly endZoneOffset?: Offset;
};
export type WeightRecord = Instant & { readonly weight: { readonly inKilograms: number } };
export type RestingRecord = Instant & { readonly beatsPerMinute: number };
export type RmssdRecord = Instant & { readonly heartRateVariabilityMillis: number };
export type SleepRecord = Interval & {
  readonly stages?: readonly {
    readonly startTime: string;
    readonly endTime: string;
    readonly stage: number;
  }[];
};
export type PulseRecord = {
  readonly samples: readonly { readonly time: string; readonly beatsPerMinute: number }[];
};
export type SessionRecord = Interval & {
  readonly exerciseType: number;
  readonly title?: string | null;
  readonly exerciseRoute?: {
    readonly type?: unknown;
    readonly route: readonly {
      readonly time: string;
      readonly latitude: number;
      readonly longitude: number;
      readonly altitude?: object | null;
    }[];
  };
};

/** `SleepSessionRecord.StageType`; 7 is awake in bed. */
const stages: Record<number, SleepStretch['stage']> = {
  1: 'awake',
  2: 'asleep',
  3: 'awake',
  4: 'light',
  5: 'deep',
  6: 'rem',
  7: 'awake',
};

/** `ExerciseSessionRecord.ExerciseType` in the words for sports that the server knows; what has none keeps its own. */
// prettier-ignore
const sports: Record<number, string> = {
  2: 'badminton', 4: 'baseball', 5: 'basketball', 8: 'cycling', 9: 'indoor_cycling', 10: 'boot_camp', 11: 'boxing',
  13: 'calisthenics', 14: 'cricket', 16: 'dance', 25: 'elliptical', 26: 'exercise_class', 27: 'fencing',
  28: 'american_football', 29: 'australian_football', 31: 'disc_golf', 32: 'golf', 33: 'breathing', 34: 'gymnastics',
  35: 'handball', 36: 'hiit', 37: 'hiking', 38: 'hockey', 39: 'skating', 44: 'martial_arts', 46: 'paddling',
  47: 'paragliding', 48: 'pilates', 50: 'racquetball', 51: 'climbing', 52: 'hockey', 53: 'rowing', 54: 'indoor_rowing',
  55: 'rugby', 56: 'running', 57: 'treadmill_running', 58: 'sailing', 59: 'diving', 60: 'skating', 61: 'skiing',
  62: 'snowboarding', 63: 'snowshoeing', 64: 'soccer', 65: 'softball', 66: 'squash', 68: 'stair_climbing',
  69: 'stair_climbing', 70: 'strength_training', 71: 'stretching', 72: 'surfing', 73: 'open_water_swimming',
  74: 'pool_swimming', 75: 'table_tennis', 76: 'tennis', 78: 'volleyball', 79: 'walking', 80: 'water_polo',
  81: 'weightlifting', 82: 'wheelchair', 83: 'yoga',
};

const offsetOf = (told: Offset, at: Date): number => told?.totalSeconds ?? phoneOffsetS(at);
const writer = ({ metadata }: Written): string | null => metadata?.dataOrigin || null;

function measured(kind: Measurement['kind'], value: number, record: Instant): Measurement | null {
  const at = new Date(record.time);
  if (!Number.isFinite(value) || Number.isNaN(at.getTime())) return null;
  return {
    kind,
    value,
    at: at.toISOString(),
    utc_offset_s: offsetOf(record.zoneOffset, at),
    device: writer(record),
  };
}

export const weightOf = (record: WeightRecord) => measured('body_mass', record.weight.inKilograms, record);
export const restingOf = (record: RestingRecord) => measured('resting_hr', record.beatsPerMinute, record);
export const rmssdOf = (record: RmssdRecord) =>
  measured('hrv_rmssd', record.heartRateVariabilityMillis, record);

/** A night in bed and the stages of it that are known. */
export function sleepOf(record: SleepRecord): SleepStretch[] {
  const end = new Date(record.endTime);
  const shared = {
    utc_offset_s: offsetOf(record.endZoneOffset ?? record.startZoneOffset, end),
    device: writer(record),
  };
  const stretch = (startTime: string, endTime: string, stage: SleepStretch['stage']): SleepStretch[] => {
    const [from, to] = [new Date(startTime), new Date(endTime)];
    return from < to ? [{ start: from.toISOString(), end: to.toISOString(), stage, ...shared }] : [];
  };
  return [
    ...stretch(record.startTime, record.endTime, 'in_bed'),
    ...(record.stages ?? []).flatMap(({ startTime, endTime, stage }) => {
      const known = stages[stage];
      return known === undefined ? [] : stretch(startTime, endTime, known);
    }),
  ];
}

/** Whether the route is there but was not shown to the app; the bridge says it in words, its types in numbers. */
export const hidesRoute = ({ exerciseRoute }: SessionRecord): boolean =>
  exerciseRoute?.type === 'CONSENT_REQUIRED' || exerciseRoute?.type === 2;

/** Metres of a length; the bridge hands over every unit, while its types know the one it was written in. */
const metresOf = (length: object | null | undefined): number | null =>
  length && 'inMeters' in length ? Number(length.inMeters) : null;

/** A workout with the pulse that was recorded meanwhile and the way it took; null when it has no length. */
export function workoutOf(
  record: SessionRecord,
  pulse: readonly PulseRecord[],
  takesRoute: boolean,
): PhoneWorkout | null {
  const [start, end] = [new Date(record.startTime), new Date(record.endTime)];
  const elapsedS = since(start, end);
  if (!(elapsedS > 0)) return null;
  const beats = pulse.flatMap(({ samples }) =>
    samples.map(({ time, beatsPerMinute }): [number, number] => [
      since(start, new Date(time)),
      amount(beatsPerMinute) ?? NaN,
    ]),
  );
  const way = (takesRoute ? (record.exerciseRoute?.route ?? []) : []).map(
    ({ time, latitude, longitude, altitude }) =>
      place(since(start, new Date(time)), latitude, longitude, metresOf(altitude)),
  );
  const { device } = record.metadata ?? {};
  return {
    topform_phone_workout: 1,
    source: 'health_connect',
    id: record.metadata?.id ?? '',
    sport: sports[record.exerciseType] ?? 'other',
    sub_sport: null,
    title: record.title?.trim() || null,
    started_at: start.toISOString(),
    ended_at: end.toISOString(),
    utc_offset_s: offsetOf(record.startZoneOffset, start),
    duration_s: null,
    distance_m: null,
    ascent_m: null,
    energy_kj: null,
    app: writer(record),
    app_id: writer(record),
    device: [device?.manufacturer, device?.model].filter(Boolean).join(' ') || null,
    pauses: [],
    heart_rate: within(beats, elapsedS),
    route: within(way, elapsedS),
  };
}
