/** What the app reads of the health store of a phone, whichever it is. */
import type { components } from '@/api/schema';

export type Measurement = components['schemas']['HealthMeasurement'];
export type SleepStretch = components['schemas']['HealthSleep'];
export type HealthRecords = components['schemas']['HealthRecords'];
export type StoreName = HealthRecords['source'];

/** Kinds that become one value a day. */
export const dailyKinds = ['resting_hr', 'hrv', 'sleep', 'body_mass'] as const;
export type DailyKind = (typeof dailyKinds)[number];

/** Kinds that are asked for one by one; pulse and route belong to workouts. */
export const healthKinds = ['workouts', 'heart_rate', 'routes', ...dailyKinds] as const;
export type HealthKind = (typeof healthKinds)[number];

/** Kinds that are looked through for what is new. */
export type ReadKind = 'workouts' | DailyKind;

export type Availability = 'ready' | 'needs_update' | 'missing';

/** `unknown`: it was asked for, and the phone does not tell an app what the answer was. */
export type Permission = 'allowed' | 'refused' | 'unknown' | 'not_asked';

/** A stretch of time in which something was written or changed. */
export type Stretch = { start: Date; end: Date };

export type Changes = {
  /** Null: nobody knows what changed, all that is kept has to be read again. */
  touched: readonly Stretch[] | null;
  /** Whether records were deleted, which says nothing about when they were of. */
  deleted: boolean;
  cursor: string;
};

export type DayRecords = { measurements: Measurement[]; sleep: SleepStretch[] };

/** Instants of a workout in seconds since its start, as the server reads them. */
export type PhoneWorkout = {
  topform_phone_workout: 1;
  source: StoreName;
  id: string;
  sport: string;
  sub_sport: string | null;
  title: string | null;
  started_at: string;
  ended_at: string;
  utc_offset_s: number;
  duration_s: number | null;
  distance_m: number | null;
  ascent_m: number | null;
  energy_kj: number | null;
  /** The app that wrote it, by the name that people know and by the one that is its own. */
  app: string | null;
  app_id: string | null;
  device: string | null;
  pauses: [number, number][];
  heart_rate: [number, number][];
  route: [number, number, number, number | null][];
};

export type WorkoutId = { id: string; start: string; end: string };

export type HealthStore = {
  name: StoreName;
  /** How far back is read: what the phone shows an app without further questions. */
  days: number;
  availability: () => Promise<Availability>;
  permission: (kind: HealthKind) => Promise<Permission>;
  /** Shows the question of the phone, where it still shows one. */
  ask: (kind: HealthKind) => Promise<Permission>;
  openSettings: () => void;
  changes: (kind: ReadKind, cursor: string | null, since: Date) => Promise<Changes>;
  /** All records of one kind that touch a stretch of time. */
  read: (kind: DailyKind, stretch: Stretch) => Promise<DayRecords>;
  workouts: (stretch: Stretch) => Promise<WorkoutId[]>;
  /** Null when it is no longer there. */
  workout: (id: WorkoutId, parts: { heartRate: boolean; route: boolean }) => Promise<PhoneWorkout | null>;
};

/** A record was asked for that the person does not let the app read. */
export class NotAllowedError extends Error {}
