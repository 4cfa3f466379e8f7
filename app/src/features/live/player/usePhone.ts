/** What the phone itself senses: the route by its satellites and the steps by its accelerometer, each once it is asked for. */

import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Source } from '@/live/sensors/fused';
import { stayAwake } from '@/live/sensors/awake';
import type { Fix } from '@/live/sensors/gps';
import { followPlace, type PlaceState } from '@/live/sensors/place';
import type { Motion } from '@/live/sensors/pods';
import { followShakes } from '@/live/sensors/shake';
import { newSteps, stepsStep } from '@/live/sensors/steps';

export type StepState = 'listening' | 'denied';

export type Phone = {
  place: PlaceState | null;
  /** Radius within which the last position lies. [m] */
  accuracyM: number | null;
  isAwake: boolean;
  steps: StepState | null;
  recordRoute: () => void;
  countSteps: () => Promise<void>;
};

export function usePhone(
  onFix: (fix: Fix, heardMs: number) => void,
  onMotion: (source: Source, motion: Motion) => void,
  isOver: boolean,
): Phone {
  const { t } = useTranslation();
  const [place, setPlace] = useState<PlaceState | null>(null);
  const [accuracyM, setAccuracyM] = useState<number | null>(null);
  const [isAwake, setAwake] = useState(true);
  const [steps, setSteps] = useState<StepState | null>(null);
  const live = useRef({ ends: [] as (() => void)[], isGone: false });

  useEffect(() => {
    const { current } = live;
    current.isGone = false;
    return () => {
      current.isGone = true;
      for (const end of current.ends) end();
      current.ends = [];
    };
    // What is over is not followed any further.
  }, [isOver]);

  const recordRoute = useCallback(() => {
    const end = followPlace({
      onState: setPlace,
      onFix: (fix, heardMs) => {
        setAccuracyM(Math.round(fix.accuracyM));
        onFix(fix, heardMs);
      },
      notice: t('workout.phone.app.notice'),
    });
    live.current.ends.push(end, stayAwake(setAwake));
  }, [onFix, t]);

  const countSteps = useCallback(async () => {
    let state = newSteps();
    const end = await followShakes((shake) => {
      const [after, cadence] = stepsStep(state, shake);
      state = after;
      if (cadence === undefined || cadence === null) return;
      onMotion('phone', { speedMS: null, cadence, powerW: null, wayM: null, fromMs: 0 });
    });
    if (end === null) {
      setSteps('denied');
    } else if (live.current.isGone) {
      end();
    } else {
      live.current.ends.push(end);
      setSteps('listening');
    }
  }, [onMotion]);

  return { place, accuracyM, isAwake, steps, recordRoute, countSteps };
}
