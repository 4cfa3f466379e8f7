/** The strap, the clock and the beats of one measurement of heart-rate variability. */
import { useCallback, useEffect, useRef, useState } from 'react';

import { hear, newCheck, resultOf, secondsLeft, type HrvCheck, type HrvResult } from '@/live/hrv/check';
import { stayAwake } from '@/live/sensors/awake';
import type { HeartRate } from '@/live/sensors/gatt';
import { connectStrap, type Strap, type StrapState } from '@/live/sensors/strap';

const TICK_MS = 250;

export type HrvState =
  | { kind: 'intro' }
  /** Begun; the clock starts with the first beat. */
  | { kind: 'waiting' }
  | { kind: 'running'; leftS: number; beats: number; bpm: number }
  | { kind: 'done'; result: HrvResult };

export function useHrvCheck() {
  const [state, setState] = useState<HrvState>({ kind: 'intro' });
  const [strap, setStrap] = useState<StrapState | null>(null);
  const live = useRef({
    device: null as Strap | null,
    isAsked: false,
    check: null as HrvCheck | null,
    bpm: 0,
  });

  useEffect(() => {
    const { current } = live;
    const timer = setInterval(() => {
      const { check, bpm } = current;
      if (check === null) return;
      const nowMs = Date.now();
      const leftS = secondsLeft(check, nowMs);
      if (leftS > 0) {
        setState({ kind: 'running', leftS, beats: check.rrMs.length, bpm });
        return;
      }
      current.check = null;
      setState({ kind: 'done', result: resultOf(check, nowMs) });
    }, TICK_MS);
    return () => {
      clearInterval(timer);
      current.device?.close();
    };
  }, []);

  const isMeasuring = state.kind === 'waiting' || state.kind === 'running';
  useEffect(() => (isMeasuring ? stayAwake(() => undefined) : undefined), [isMeasuring]);

  const onReading = useCallback((reading: HeartRate) => {
    const now = live.current;
    const nowMs = Date.now();
    now.bpm = reading.bpm;
    if (now.check !== null) {
      now.check = hear(now.check, reading, nowMs);
    } else if (now.isAsked) {
      // What was told before belongs to a beat before.
      now.isAsked = false;
      now.check = newCheck(nowMs);
    }
  }, []);

  return {
    state,
    strap,
    begin: () => {
      live.current.isAsked = true;
      setState({ kind: 'waiting' });
    },
    stop: () => {
      live.current.isAsked = false;
      live.current.check = null;
      setState({ kind: 'intro' });
    },
    connect: async () => {
      try {
        live.current.device = await connectStrap({ onReading, onState: setStrap });
        if (live.current.device === null) setStrap(null);
      } catch (error) {
        setStrap(null);
        throw error;
      }
    },
  };
}
