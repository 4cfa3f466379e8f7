/** Apple's health store. It never tells an app whether reading was allowed: what is refused looks like nothing there. */
import {
  AuthorizationRequestStatus,
  getRequestStatusForAuthorization,
  isHealthDataAvailableAsync,
  queryCategorySamples,
  queryCategorySamplesWithAnchor,
  queryQuantitySamples,
  queryQuantitySamplesWithAnchor,
  queryWorkoutSamples,
  queryWorkoutSamplesWithAnchor,
  requestAuthorization,
} from '@kingstinct/react-native-healthkit';
import { Linking } from 'react-native';

import { measurementOf, sleepOf, workoutOf } from './healthKitRecords';
import type { DailyKind, DayRecords, HealthKind, HealthStore, Permission, Stretch } from './types';

const DAYS = 90;
const ALL = 0;
const SLEEP = 'HKCategoryTypeIdentifierSleepAnalysis';
const PULSE = 'HKQuantityTypeIdentifierHeartRate';

const quantities = {
  resting_hr: { type: 'HKQuantityTypeIdentifierRestingHeartRate', unit: 'count/min', kind: 'resting_hr' },
  hrv: { type: 'HKQuantityTypeIdentifierHeartRateVariabilitySDNN', unit: 'ms', kind: 'hrv_sdnn' },
  body_mass: { type: 'HKQuantityTypeIdentifierBodyMass', unit: 'kg', kind: 'body_mass' },
} as const;

const types = {
  workouts: 'HKWorkoutTypeIdentifier',
  heart_rate: PULSE,
  routes: 'HKWorkoutRouteTypeIdentifier',
  sleep: SLEEP,
  resting_hr: quantities.resting_hr.type,
  hrv: quantities.hrv.type,
  body_mass: quantities.body_mass.type,
} as const satisfies Record<HealthKind, string>;

async function permission(kind: HealthKind): Promise<Permission> {
  const status = await getRequestStatusForAuthorization({ toRead: [types[kind]] });
  return status === AuthorizationRequestStatus.unnecessary ? 'unknown' : 'not_asked';
}

const between = ({ start, end }: Stretch) => ({ date: { startDate: start, endDate: end } });
const stretchesOf = (samples: readonly { startDate: Date; endDate: Date }[]): Stretch[] =>
  samples.map(({ startDate, endDate }) => ({ start: startDate, end: endDate }));

async function read(kind: DailyKind, stretch: Stretch): Promise<DayRecords> {
  const filter = between(stretch);
  if (kind === 'sleep') {
    const samples = await queryCategorySamples(SLEEP, { filter, limit: ALL, ascending: true });
    return { measurements: [], sleep: samples.flatMap((sample) => sleepOf(sample) ?? []) };
  }
  const { type, unit, kind: name } = quantities[kind];
  const samples = await queryQuantitySamples(type, { filter, limit: ALL, ascending: true, unit });
  return { measurements: samples.flatMap((sample) => measurementOf(name, sample) ?? []), sleep: [] };
}

export const healthKit: HealthStore = {
  name: 'apple_health',
  days: DAYS,
  availability: async () => ((await isHealthDataAvailableAsync()) ? 'ready' : 'missing'),
  permission,
  ask: async (kind) => {
    await requestAuthorization({ toRead: [types[kind]] });
    return permission(kind);
  },
  openSettings: () => void Linking.openSettings(),
  changes: async (kind, cursor, since) => {
    const options = { filter: { date: { startDate: since } }, limit: ALL, anchor: cursor ?? undefined };
    if (kind === 'workouts') {
      const { workouts, deletedSamples, newAnchor } = await queryWorkoutSamplesWithAnchor(options);
      const touched = stretchesOf(workouts);
      for (const workout of workouts) workout.dispose();
      return { touched, deleted: cursor !== null && deletedSamples.length > 0, cursor: newAnchor };
    }
    const { samples, deletedSamples, newAnchor } =
      kind === 'sleep'
        ? await queryCategorySamplesWithAnchor(SLEEP, options)
        : await queryQuantitySamplesWithAnchor(quantities[kind].type, options);
    // What was deleted before the first read was never sent.
    return {
      touched: stretchesOf(samples),
      deleted: cursor !== null && deletedSamples.length > 0,
      cursor: newAnchor,
    };
  },
  read,
  workouts: async (stretch) => {
    const found = await queryWorkoutSamples({ filter: between(stretch), limit: ALL, ascending: true });
    return found.map((workout) => {
      const { uuid, startDate, endDate } = workout;
      workout.dispose();
      return { id: uuid, start: startDate.toISOString(), end: endDate.toISOString() };
    });
  },
  workout: async ({ id, start, end }, { heartRate, route }) => {
    const [found] = await queryWorkoutSamples({ filter: { uuid: id }, limit: 1 });
    if (found === undefined) return null;
    try {
      const filter = between({ start: new Date(start), end: new Date(end) });
      const pulse = heartRate
        ? await queryQuantitySamples(PULSE, { filter, limit: ALL, ascending: true, unit: 'count/min' })
        : [];
      return workoutOf(found.toJSON(), pulse, route ? await found.getWorkoutRoutes() : []);
    } finally {
      found.dispose();
    }
  },
};
