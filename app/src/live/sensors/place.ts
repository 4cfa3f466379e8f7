/** Where the phone is, by its satellites; the system asks the athlete, and tells nothing while the app is in the background. */

import {
  Accuracy,
  type LocationSubscription,
  requestForegroundPermissionsAsync,
  watchPositionAsync,
} from 'expo-location';

import type { Fix } from './gps';

export type PlaceState = 'asking' | 'found' | 'denied' | 'silent';

export type PlaceListener = { onFix: (fix: Fix) => void; onState: (state: PlaceState) => void };

const EVERY_MS = 1_000;

export const hasPlaces = (): boolean => true;

/** Begin to listen, in the handler of a touch; call what is returned to end it. */
export function followPlace({ onFix, onState }: PlaceListener): () => void {
  let isEnded = false;
  let watch: LocationSubscription | null = null;
  const tell = (state: PlaceState) => {
    if (!isEnded) onState(state);
  };
  const begin = async (): Promise<void> => {
    const { granted } = await requestForegroundPermissionsAsync();
    if (!granted) {
      tell('denied');
      return;
    }
    const begun = await watchPositionAsync(
      { accuracy: Accuracy.BestForNavigation, timeInterval: EVERY_MS, distanceInterval: 0 },
      ({ coords, timestamp }) => {
        if (isEnded || coords.accuracy === null) return;
        onState('found');
        onFix({
          ms: timestamp,
          latitudeDeg: coords.latitude,
          longitudeDeg: coords.longitude,
          accuracyM: coords.accuracy,
          // Apple's system writes -1 where it has no speed.
          speedMS: coords.speed !== null && coords.speed >= 0 ? coords.speed : null,
        });
      },
      () => tell('silent'),
    );
    if (isEnded) begun.remove();
    else watch = begun;
  };
  onState('asking');
  // Location services that are off in the whole system.
  begin().catch(() => tell('silent'));
  return () => {
    isEnded = true;
    watch?.remove();
  };
}
