/** Foot pods, speed and cadence sensors and power meters: which are connected, and what they say. */

import AsyncStorage from '@react-native-async-storage/async-storage';
import { useCallback, useEffect, useRef, useState } from 'react';

import type { Source } from '@/live/sensors/fused';
import { newPod, podStep, type Motion, type Pod, type PodKind } from '@/live/sensors/pods';
import { connectSensor, isOutOfReach, type Sensor, type SensorState } from '@/live/sensors/sensor';

const WHEEL_KEY = 'topform.live.wheel_mm';
/** A road bicycle's 28 inch wheel with a tyre of 25 mm; the athlete sees and changes it. */
const USUAL_WHEEL_MM = 2105;
const WHEEL_LIMITS_MM = [1000, 2500] as const;

const SOURCES: Record<PodKind, Source> = {
  runningSpeedCadence: 'footPod',
  cyclingSpeedCadence: 'bikeSensor',
  cyclingPower: 'powerMeter',
};

export type PodStates = Partial<Record<PodKind, SensorState | 'failed'>>;

export const isWheel = (mm: number): boolean =>
  Number.isFinite(mm) && mm >= WHEEL_LIMITS_MM[0] && mm <= WHEEL_LIMITS_MM[1];

export function usePods(onMotion: (source: Source, motion: Motion) => void) {
  const [states, setStates] = useState<PodStates>({});
  const [wheelMm, setWheelMm] = useState(USUAL_WHEEL_MM);
  const [hasWheel, setHasWheel] = useState(false);
  const live = useRef({ devices: [] as Sensor[], isGone: false, wheelMm: USUAL_WHEEL_MM });

  useEffect(() => {
    const { current } = live;
    current.isGone = false;
    void AsyncStorage.getItem(WHEEL_KEY).then((text) => {
      const mm = Number(text);
      if (text === null || !isWheel(mm) || current.isGone) return;
      current.wheelMm = mm;
      setWheelMm(mm);
    });
    return () => {
      current.isGone = true;
      for (const device of current.devices) device.close();
      current.devices = [];
    };
  }, []);

  const connect = useCallback(
    async (kind: PodKind) => {
      const said = (state: PodStates[PodKind]) => setStates((before) => ({ ...before, [kind]: state }));
      let pod: Pod = newPod();
      try {
        const device = await connectSensor(kind, {
          onMessage: (octets) => {
            const [after, motion] = podStep(pod, kind, octets, live.current.wheelMm / 1000, Date.now());
            pod = after;
            if (after.wheel !== null) setHasWheel(true);
            if (motion !== null) onMotion(SOURCES[kind], motion);
          },
          onState: (state) => {
            if (!live.current.isGone) said(state);
          },
        });
        if (device === null) said(undefined);
        else if (live.current.isGone) device.close();
        else live.current.devices.push(device);
      } catch (error) {
        said('failed');
        // Not worn, out of reach, or not what it said it is: the screen says so.
        if (!isOutOfReach(error)) throw error;
      }
    },
    [onMotion],
  );

  const setWheel = useCallback((mm: number) => {
    if (!isWheel(mm)) return;
    live.current.wheelMm = mm;
    setWheelMm(mm);
    void AsyncStorage.setItem(WHEEL_KEY, String(mm));
  }, []);

  return { states, connect, hasWheel, wheelMm, setWheel };
}
