import type { Point } from '@/lib/route';

/** The native apps hold no module for the position of the device yet. */
export const canLocate: boolean = false;

export function ownPosition(): Promise<Point> {
  return Promise.reject(new Error('there is no position here'));
}
