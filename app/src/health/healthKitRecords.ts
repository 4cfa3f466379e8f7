/** From what HealthKit holds to what the server takes. Nothing here asks the phone for anything. */
import { dayOf, offsetS } from './time';
import type { Measurement, PhoneWorkout, SleepStretch } from './types';
import { amount, place, since, within } from './workout';

const KJ_PER_KCAL = 4.184;

/** Units that HealthKit may state, by what they are in ours. */
const factors: Record<Measurement['kind'], Record<string, number>> = {
  body_mass: { kg: 1, g: 0.001, lb: 0.45359237, st: 6.35029318, oz: 0.028349523125 },
  resting_hr: { 'count/min': 1, 'count/s': 60 },
  hrv_sdnn: { ms: 1, s: 1000 },
  hrv_rmssd: {},
};
const metres: Record<string, number> = { m: 1, km: 1000, mi: 1609.344, yd: 0.9144, ft: 0.3048, cm: 0.01 };
const kilojoules: Record<string, number> = {
  kcal: KJ_PER_KCAL,
  Cal: KJ_PER_KCAL,
  kJ: 1,
  J: 0.001,
  cal: KJ_PER_KCAL / 1000,
};
const seconds: Record<string, number> = { s: 1, min: 60, hr: 3600 };

/** `HKCategoryValueSleepAnalysis`. */
const stages: Record<number, SleepStretch['stage']> = {
  0: 'in_bed',
  1: 'asleep',
  2: 'awake',
  3: 'light',
  4: 'deep',
  5: 'rem',
};

/** `HKWorkoutActivityType` in the words for sports that the server knows; what has none keeps its own. */
// prettier-ignore
const sports: Record<number, string> = {
  1: 'american_football', 3: 'australian_football', 4: 'badminton', 5: 'baseball', 6: 'basketball', 8: 'boxing',
  9: 'climbing', 10: 'cricket', 11: 'cross_training', 13: 'cycling', 14: 'dance', 16: 'elliptical', 18: 'fencing',
  20: 'strength_training', 21: 'golf', 22: 'gymnastics', 23: 'handball', 24: 'hiking', 25: 'hockey', 28: 'martial_arts',
  30: 'mixed_cardio', 31: 'paddling', 34: 'racquetball', 35: 'rowing', 36: 'rugby', 37: 'running', 38: 'sailing',
  39: 'skating', 40: 'snow_sports', 41: 'soccer', 43: 'squash', 44: 'stair_climbing', 45: 'surfing', 46: 'swimming',
  47: 'table_tennis', 48: 'tennis', 49: 'track_and_field', 50: 'strength_training', 51: 'volleyball', 52: 'walking',
  53: 'water_fitness', 54: 'water_polo', 57: 'yoga', 58: 'barre', 59: 'core_training', 60: 'cross_country_skiing',
  61: 'alpine_skiing', 62: 'stretching', 63: 'hiit', 64: 'jump_rope', 65: 'kickboxing', 66: 'pilates',
  67: 'snowboarding', 68: 'stair_climbing', 69: 'step_training', 70: 'wheelchair', 71: 'wheelchair', 72: 'tai_chi',
  73: 'mixed_cardio', 74: 'hand_cycling', 75: 'disc_golf', 77: 'cardio_dance', 79: 'pickleball', 80: 'cooldown',
  82: 'multisport', 83: 'transition', 84: 'diving',
};

const RUNNING = 37;
const CYCLING = 13;
const SWIMMING = 46;
const PAUSE = 1;
const RESUME = 2;

type Metadata = Readonly<Record<string, unknown>>;
type Written = {
  readonly startDate: Date;
  readonly endDate: Date;
  readonly metadata?: Metadata;
  readonly sourceRevision: {
    readonly source: { readonly name: string; readonly bundleIdentifier: string };
  };
};
type Quantity = { readonly quantity: number; readonly unit: string };
export type QuantityRecord = Written & Quantity;
export type CategoryRecord = Written & { readonly value: number };
export type WorkoutRecord = Written & {
  readonly uuid: string;
  readonly workoutActivityType: number;
  readonly duration: Quantity;
  readonly totalDistance?: Quantity;
  readonly totalEnergyBurned?: Quantity;
  readonly events?: readonly { readonly type: number; readonly startDate: Date }[];
};
export type RouteRecord = {
  readonly locations: readonly {
    readonly date: Date;
    readonly latitude: number;
    readonly longitude: number;
    readonly altitude: number;
    readonly verticalAccuracy: number;
  }[];
};

const zoneOf = ({ metadata }: Written) => metadata?.HKTimeZone;
const writer = ({ sourceRevision }: Written) => sourceRevision.source.name || null;

/** A record with a value; null where its unit is none that this can be in. */
export function measurementOf(kind: Measurement['kind'], record: QuantityRecord): Measurement | null {
  const factor = factors[kind][record.unit];
  if (factor === undefined || !Number.isFinite(record.quantity)) return null;
  const { startDate, endDate } = record;
  const utc_offset_s = offsetS(zoneOf(record), startDate);
  // A value of a whole day may end on the midnight that begins the next one.
  const isOneDay = dayOf(startDate, utc_offset_s) === dayOf(endDate, utc_offset_s);
  return {
    kind,
    value: record.quantity * factor,
    at: (isOneDay ? endDate : startDate).toISOString(),
    utc_offset_s,
    device: writer(record),
  };
}

/** A stretch of sleep; null where its stage is one that came after this was written. */
export function sleepOf(record: CategoryRecord): SleepStretch | null {
  const stage = stages[record.value];
  if (stage === undefined || record.endDate <= record.startDate) return null;
  return {
    start: record.startDate.toISOString(),
    end: record.endDate.toISOString(),
    stage,
    utc_offset_s: offsetS(zoneOf(record), record.endDate),
    device: writer(record),
  };
}

function subSport({ workoutActivityType, metadata }: WorkoutRecord): string | null {
  if (workoutActivityType === SWIMMING) {
    if (metadata?.HKSwimmingLocationType === 1) return 'lap_swimming';
    return metadata?.HKSwimmingLocationType === 2 ? 'open_water' : null;
  }
  const indoor = metadata?.HKIndoorWorkout === true || metadata?.HKIndoorWorkout === 1;
  if (indoor && workoutActivityType === RUNNING) return 'treadmill';
  return indoor && workoutActivityType === CYCLING ? 'indoor_cycling' : null;
}

function pausesOf({ events, startDate, endDate }: WorkoutRecord): [number, number][] {
  const pauses: [number, number][] = [];
  let paused: Date | null = null;
  for (const { type, startDate: at } of [...(events ?? [])].sort((a, b) => +a.startDate - +b.startDate)) {
    if (at < startDate || at > endDate) continue;
    if (type === PAUSE && paused === null) paused = at;
    else if (type === RESUME && paused !== null) {
      if (at > paused) pauses.push([since(startDate, paused), since(startDate, at)]);
      paused = null;
    }
  }
  if (paused !== null && endDate > paused) pauses.push([since(startDate, paused), since(startDate, endDate)]);
  return pauses;
}

function converted(told: Quantity | undefined, units: Record<string, number>): number | null {
  const factor = told === undefined ? undefined : units[told.unit];
  return told === undefined || factor === undefined ? null : amount(told.quantity * factor);
}

/** `HKElevationAscended` is a quantity, which the bridge hands over as an object or, of older systems, as a text. */
function ascentOf(metadata: Metadata | undefined): number | null {
  const told = metadata?.HKElevationAscended;
  if (typeof told === 'string') {
    const [value, unit] = told.split(' ');
    return converted({ quantity: Number(value), unit: unit ?? '' }, metres);
  }
  if (typeof told !== 'object' || told === null || !('quantity' in told) || !('unit' in told)) return null;
  return converted({ quantity: Number(told.quantity), unit: String(told.unit) }, metres);
}

/** A workout with the pulse that was recorded meanwhile and the way it took; null when it has no length. */
export function workoutOf(
  record: WorkoutRecord,
  pulse: readonly QuantityRecord[],
  routes: readonly RouteRecord[],
): PhoneWorkout | null {
  const { startDate, endDate, sourceRevision } = record;
  const elapsedS = since(startDate, endDate);
  if (!(elapsedS > 0)) return null;
  const beats = pulse.flatMap((one): [number, number][] => {
    const factor = factors.resting_hr[one.unit];
    return factor === undefined
      ? []
      : [[since(startDate, one.startDate), amount(one.quantity * factor) ?? NaN]];
  });
  const way = routes.flatMap(({ locations }) =>
    locations.map(({ date, latitude, longitude, altitude, verticalAccuracy }) =>
      place(since(startDate, date), latitude, longitude, verticalAccuracy > 0 ? altitude : null),
    ),
  );
  return {
    topform_phone_workout: 1,
    source: 'apple_health',
    id: record.uuid,
    sport: sports[record.workoutActivityType] ?? 'other',
    sub_sport: subSport(record),
    title: null,
    started_at: startDate.toISOString(),
    ended_at: endDate.toISOString(),
    utc_offset_s: offsetS(zoneOf(record), startDate),
    duration_s: converted(record.duration, seconds),
    distance_m: converted(record.totalDistance, metres),
    ascent_m: ascentOf(record.metadata),
    energy_kj: converted(record.totalEnergyBurned, kilojoules),
    app: sourceRevision.source.name || null,
    app_id: sourceRevision.source.bundleIdentifier || null,
    device: null,
    pauses: pausesOf(record),
    heart_rate: within(beats, elapsedS),
    route: within(way, elapsedS),
  };
}
