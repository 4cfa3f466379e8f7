/** How the phone is shaken, by its accelerometer; Apple's system asks the athlete first. */

import { Accelerometer } from 'expo-sensors';

import type { Shake } from './steps';

const EVERY_MS = 20;
const GRAVITY_M_S2 = 9.80665;
const MS_PER_S = 1_000;

export const hasShakes = (): boolean => true;

/** Begin to listen, in the handler of a touch; null = not allowed, or there is no accelerometer. */
export async function followShakes(onShake: (shake: Shake) => void): Promise<(() => void) | null> {
  if (!(await Accelerometer.isAvailableAsync())) return null;
  if (!(await Accelerometer.requestPermissionsAsync()).granted) return null;
  Accelerometer.setUpdateInterval(EVERY_MS);
  const listening = Accelerometer.addListener(({ x, y, z, timestamp }) =>
    onShake({ ms: timestamp * MS_PER_S, acceleration: Math.hypot(x, y, z) * GRAVITY_M_S2 }),
  );
  return () => listening.remove();
}
