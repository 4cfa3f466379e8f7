import type { Point } from '@/lib/route';

const PATIENCE_MS = 20_000;

/** Browsers give a position to pages that came safely, and only after the person said yes. */
export const canLocate: boolean = globalThis.isSecureContext && 'geolocation' in navigator;

/** Where the device is; asks the person first. */
export function ownPosition(): Promise<Point> {
  return new Promise((resolve, reject) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve([coords.latitude, coords.longitude]),
      reject,
      { enableHighAccuracy: true, timeout: PATIENCE_MS },
    );
  });
}
