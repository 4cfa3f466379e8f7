/** Android's health store. It says what an app may read, and forgets a change token after a month. */
import {
  getChanges,
  getGrantedPermissions,
  getSdkStatus,
  initialize,
  openHealthConnectSettings,
  readRecords,
  type RecordType,
  type RecordResult,
  requestExerciseRoute,
  requestPermission,
  SdkAvailabilityStatus,
} from 'react-native-health-connect';

import { hidesRoute, restingOf, rmssdOf, sleepOf, weightOf, workoutOf } from './healthConnectRecords';
import {
  type Availability,
  type DailyKind,
  type DayRecords,
  type HealthKind,
  type HealthStore,
  NotAllowedError,
  type Permission,
  type ReadKind,
  type Stretch,
} from './types';

/** Without a further question an app sees the month before it was first allowed to read. */
const DAYS = 29;
const PAGE = 1000;
const DAY_MS = 86_400_000;

const types = {
  workouts: 'ExerciseSession',
  heart_rate: 'HeartRate',
  resting_hr: 'RestingHeartRate',
  hrv: 'HeartRateVariabilityRmssd',
  sleep: 'SleepSession',
  body_mass: 'Weight',
} as const satisfies Record<Exclude<HealthKind, 'routes'>, RecordType>;

async function availability(): Promise<Availability> {
  const status = await getSdkStatus();
  if (status === SdkAvailabilityStatus.SDK_UNAVAILABLE_PROVIDER_UPDATE_REQUIRED) return 'needs_update';
  if (status !== SdkAvailabilityStatus.SDK_AVAILABLE) return 'missing';
  return (await initialize()) ? 'ready' : 'missing';
}

/** The bridge names the refusal of the system by a code. */
async function allowed<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'PERMISSION_ERROR')
      throw new NotAllowedError(error.message, { cause: error });
    throw error;
  }
}

async function all<Type extends RecordType>(
  type: Type,
  { start, end }: Stretch,
): Promise<RecordResult<Type>[]> {
  const found: RecordResult<Type>[] = [];
  let pageToken: string | undefined;
  do {
    const page = await allowed(
      readRecords(type, {
        timeRangeFilter: { operator: 'between', startTime: start.toISOString(), endTime: end.toISOString() },
        ascendingOrder: true,
        pageSize: PAGE,
        pageToken,
      }),
    );
    found.push(...page.records);
    pageToken = page.pageToken || undefined;
  } while (pageToken !== undefined);
  return found;
}

async function isGranted(kind: Exclude<HealthKind, 'routes'>): Promise<boolean> {
  const granted = await getGrantedPermissions();
  return granted.some((one) => one.accessType === 'read' && one.recordType === types[kind]);
}

const lastMonth = (): Stretch => ({ start: new Date(Date.now() - DAYS * DAY_MS), end: new Date() });

/** A route is asked for at a workout that has one; the question of the phone offers to allow all of them. */
async function hiddenRoutes(): Promise<string[]> {
  if (!(await isGranted('workouts'))) return [];
  const sessions = await all('ExerciseSession', lastMonth());
  return sessions.filter(hidesRoute).flatMap(({ metadata }) => metadata?.id ?? []);
}

async function permission(kind: HealthKind): Promise<Permission> {
  // Some may be shown and others not; a route that is not shown is left out of its workout.
  if (kind === 'routes') return 'unknown';
  return (await isGranted(kind)) ? 'allowed' : 'not_asked';
}

async function ask(kind: HealthKind): Promise<Permission> {
  if (kind !== 'routes') {
    await requestPermission([{ accessType: 'read', recordType: types[kind] }]);
    return (await isGranted(kind)) ? 'allowed' : 'refused';
  }
  const newest = (await hiddenRoutes()).at(-1);
  if (newest === undefined) return 'unknown';
  try {
    await requestExerciseRoute(newest);
  } catch {
    // Whatever the reason: without an answer that is a yes, routes stay where they are.
    return 'refused';
  }
  return (await hiddenRoutes()).length > 0 ? 'refused' : 'allowed';
}

async function read(kind: DailyKind, stretch: Stretch): Promise<DayRecords> {
  switch (kind) {
    case 'sleep':
      return { measurements: [], sleep: (await all('SleepSession', stretch)).flatMap(sleepOf) };
    case 'resting_hr':
      return {
        measurements: (await all('RestingHeartRate', stretch)).flatMap((one) => restingOf(one) ?? []),
        sleep: [],
      };
    case 'hrv': {
      const found = await all('HeartRateVariabilityRmssd', stretch);
      return { measurements: found.flatMap((one) => rmssdOf(one) ?? []), sleep: [] };
    }
    case 'body_mass':
      return {
        measurements: (await all('Weight', stretch)).flatMap((one) => weightOf(one) ?? []),
        sleep: [],
      };
  }
}

function stretchOf(record: object): Stretch | null {
  const text = (name: string) => (name in record ? String(record[name as keyof typeof record]) : null);
  const [start, end] = [text('startTime') ?? text('time'), text('endTime') ?? text('time')];
  return start === null || end === null ? null : { start: new Date(start), end: new Date(end) };
}

async function changes(kind: ReadKind, cursor: string | null) {
  const recordTypes = [types[kind]];
  const touched: Stretch[] = [];
  let deleted = false;
  let token: string | undefined = cursor ?? undefined;
  for (;;) {
    const page = await allowed(getChanges(token === undefined ? { recordTypes } : { changesToken: token }));
    if (page.changesTokenExpired) {
      const fresh = await allowed(getChanges({ recordTypes }));
      // Nobody tells any more what was deleted since; the whole month is read and stands for itself.
      return { touched: null, deleted: true, cursor: fresh.nextChangesToken };
    }
    touched.push(...page.upsertionChanges.flatMap(({ record }) => stretchOf(record) ?? []));
    deleted ||= page.deletionChanges.length > 0;
    token = page.nextChangesToken;
    if (!page.hasMore) return { touched: cursor === null ? null : touched, deleted, cursor: token };
  }
}

export const healthConnect: HealthStore = {
  name: 'health_connect',
  days: DAYS,
  availability,
  permission,
  ask,
  openSettings: () => openHealthConnectSettings(),
  changes,
  read,
  workouts: async (stretch) =>
    (await all('ExerciseSession', stretch)).flatMap(({ metadata, startTime, endTime }) =>
      metadata?.id ? [{ id: metadata.id, start: startTime, end: endTime }] : [],
    ),
  workout: async ({ id, start, end }, { heartRate, route }) => {
    const stretch = { start: new Date(start), end: new Date(end) };
    const session = (await all('ExerciseSession', stretch)).find((one) => one.metadata?.id === id);
    if (session === undefined) return null;
    const pulse = heartRate ? await all('HeartRate', stretch) : [];
    return workoutOf(session, pulse, route);
  },
};
