/** Where the device is, by the browser's Geolocation; it asks the athlete, and says nothing while the page is hidden. */

import type { Fix } from './gps';
import type { PlaceListener } from './place';

const OLDEST_MS = 1_000;
const PATIENCE_MS = 20_000;
const PERMISSION_DENIED = 1;

export const hasPlaces = (): boolean =>
  typeof navigator !== 'undefined' &&
  'geolocation' in navigator &&
  typeof window !== 'undefined' &&
  window.isSecureContext;

export function followPlace({ onFix, onState }: PlaceListener): () => void {
  onState('asking');
  const watch = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      onState('found');
      const fix: Fix = {
        ms: timestamp,
        latitudeDeg: coords.latitude,
        longitudeDeg: coords.longitude,
        accuracyM: coords.accuracy,
        speedMS: coords.speed !== null && Number.isFinite(coords.speed) ? coords.speed : null,
      };
      onFix(fix, Date.now());
    },
    // Positions that are late or cannot be had now go on being waited for.
    (error) => onState(error.code === PERMISSION_DENIED ? 'denied' : 'silent'),
    { enableHighAccuracy: true, maximumAge: OLDEST_MS, timeout: PATIENCE_MS },
  );
  return () => navigator.geolocation.clearWatch(watch);
}
