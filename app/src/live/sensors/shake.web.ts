/** How the device is shaken, by the browser's DeviceMotion; some ask the athlete first. */

import type { Shake } from './steps';

type Asking = { requestPermission?: () => Promise<'granted' | 'denied'> };

/** Computers have the event and never send it: what can be touched may be carried. */
export const hasShakes = (): boolean =>
  typeof window !== 'undefined' &&
  'DeviceMotionEvent' in window &&
  window.isSecureContext &&
  navigator.maxTouchPoints > 0;

export async function followShakes(onShake: (shake: Shake) => void): Promise<(() => void) | null> {
  const asking = window.DeviceMotionEvent as unknown as Asking;
  if (asking.requestPermission !== undefined && (await asking.requestPermission()) !== 'granted') return null;
  const hear = ({ accelerationIncludingGravity: felt, timeStamp }: DeviceMotionEvent) => {
    if (felt === null || felt.x === null || felt.y === null || felt.z === null) return;
    onShake({ ms: timeStamp, acceleration: Math.hypot(felt.x, felt.y, felt.z) });
  };
  window.addEventListener('devicemotion', hear);
  return () => window.removeEventListener('devicemotion', hear);
}
