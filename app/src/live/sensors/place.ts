/**
 * Where the phone is, by its satellites; the system asks the athlete. Positions come to a task, which goes on with the
 * screen off and behind other apps: on Android under a notice, on an iPhone under the system's own sign. It begins while
 * the app is in front and needs no leave for the background. When the last who listens has ended, nobody is followed.
 */

import {
  Accuracy,
  ActivityType,
  enableNetworkProviderAsync,
  hasStartedLocationUpdatesAsync,
  type LocationObject,
  requestForegroundPermissionsAsync,
  startLocationUpdatesAsync,
  stopLocationUpdatesAsync,
} from 'expo-location';
import { defineTask } from 'expo-task-manager';

import type { Fix } from './gps';

export type PlaceState = 'asking' | 'found' | 'denied' | 'silent';

export type PlaceListener = {
  /** `heardMs` is when the position was found, by the clock of the app: with the screen off several come at once. */
  onFix: (fix: Fix, heardMs: number) => void;
  onState: (state: PlaceState) => void;
  /** What Android writes as long as the route is recorded. */
  notice: string;
};

const TASK = 'topform.route';
const EVERY_MS = 1_000;

const listeners = new Set<PlaceListener>();

export const hasPlaces = (): boolean => true;

defineTask<{ locations: LocationObject[] }>(TASK, async ({ data, error }) => {
  // Of a session that ended with the app, which the system goes on with.
  if (listeners.size === 0) return stopUnlessHeard();
  // No position now; the next one may be on its way.
  if (error !== null) return listeners.forEach(({ onState }) => onState('silent'));
  const lateMs = Date.now() - Math.max(...data.locations.map(({ timestamp }) => timestamp));
  for (const { coords, timestamp } of data.locations) {
    if (coords.accuracy === null) continue;
    const fix: Fix = {
      ms: timestamp,
      latitudeDeg: coords.latitude,
      longitudeDeg: coords.longitude,
      accuracyM: coords.accuracy,
      // Apple's system writes -1 where it has no speed.
      speedMS: coords.speed !== null && coords.speed >= 0 ? coords.speed : null,
    };
    for (const { onFix, onState } of listeners) {
      onState('found');
      onFix(fix, timestamp + lateMs);
    }
  }
});

/** Begin to listen, in the handler of a touch; call what is returned to end it. */
export function followPlace(listener: PlaceListener): () => void {
  let isEnded = false;
  const tell = (state: PlaceState) => {
    if (!isEnded) listener.onState(state);
  };
  const begin = async (): Promise<void> => {
    const { granted } = await requestForegroundPermissionsAsync();
    if (!granted) {
      tell('denied');
      return;
    }
    await enableNetworkProviderAsync();
    if (isEnded) return;
    listeners.add(listener);
    await inTurn(() => startFor(listener));
  };
  tell('asking');
  // Location services that are off in the whole system.
  begin().catch(() => tell('silent'));
  return () => {
    isEnded = true;
    if (listeners.delete(listener)) void inTurn(stopUnlessHeard);
  };
}

async function startFor(listener: PlaceListener): Promise<void> {
  if (!listeners.has(listener)) return;
  await startLocationUpdatesAsync(TASK, {
    accuracy: Accuracy.BestForNavigation,
    activityType: ActivityType.Fitness,
    timeInterval: EVERY_MS,
    distanceInterval: 0,
    // Who stands at a traffic light is still on the way.
    pausesUpdatesAutomatically: false,
    showsBackgroundLocationIndicator: true,
    foregroundService: {
      notificationTitle: 'TopForm',
      notificationBody: listener.notice,
      killServiceOnDestroy: true,
    },
  });
}

async function stopUnlessHeard(): Promise<void> {
  if (listeners.size === 0 && (await hasStartedLocationUpdatesAsync(TASK)))
    await stopLocationUpdatesAsync(TASK);
}

let last: Promise<unknown> = Promise.resolve();

/** One change of the task after the other. */
function inTurn(change: () => Promise<void>): Promise<void> {
  const done = last.then(change);
  last = done.catch(() => undefined);
  return done;
}
