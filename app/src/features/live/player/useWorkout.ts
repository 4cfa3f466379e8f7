import { useCallback, useEffect, useRef, useState } from 'react';

import { languageOf, newCues, say, type Utterance, type Wish } from '@/live/cues/policy';
import { newVoice } from '@/live/cues/voice';
import { enqueue, keep } from '@/live/player/kept';
import {
  beginStep,
  isOnTarget,
  judge,
  locate,
  measuredNow,
  newSenses,
  recordNow,
  sense,
} from '@/live/player/senses';
import {
  beat,
  currentStep,
  finish,
  heed,
  correctSet,
  lap,
  type LiveSet,
  nextStep,
  pause,
  resume,
  setDone,
  tick,
  type Measured,
  type Workout,
  type WorkoutEvent,
} from '@/live/player/workout';
import { stayAwake } from '@/live/sensors/awake';
import type { Source } from '@/live/sensors/fused';
import type { HeartRate } from '@/live/sensors/gatt';
import type { Fix } from '@/live/sensors/gps';
import type { Motion } from '@/live/sensors/pods';
import { connectStrap, type Strap, type StrapState } from '@/live/sensors/strap';

const TICK_MS = 250;
const KEEP_EVERY_MS = 2_000;
/** A reading older than this is none. */
const FRESH_MS = 3_000;

const NOTHING: Measured = { speedMS: null, cadence: null, powerW: null };

type Change = (state: Workout, nowMs: number) => [Workout, WorkoutEvent[]];

/** Play a workout: the clock, the sensors, the voice, and what is kept of it all; `showPace` writes a speed for the voice. */
export function useWorkout(begun: Workout, locale: string, showPace: (speedMS: number) => string) {
  const [workout, setWorkout] = useState(begun);
  const [caption, setCaption] = useState<Utterance | null>(null);
  const [bpm, setBpm] = useState<number | null>(null);
  const [measured, setMeasured] = useState(NOTHING);
  const [strap, setStrap] = useState<StrapState | null>(null);
  const [voice] = useState(newVoice);
  const live = useRef({
    workout: begun,
    cues: newCues(languageOf(locale)),
    senses: beginStep(newSenses(null), currentStep(begun), begun.timerS - begun.stepS),
    showPace,
    heard: null as { bpm: number; ms: number } | null,
    device: null as Strap | null,
    keptMs: 0,
  });

  const speak = useCallback(
    (wishes: readonly Wish[]) => {
      const now = live.current;
      const [cues, utterance] = say(now.cues, wishes, Date.now() / 1000);
      now.cues = cues;
      if (utterance === null) return;
      setCaption(utterance);
      voice.say(utterance, cues.language);
    },
    [voice],
  );

  const change = useCallback(
    (by: Change, nowMs = Date.now()) => {
      const now = live.current;
      const before = now.workout;
      const [after, events] = by(before, nowMs);
      if (after === before) return;
      now.workout = after;
      setWorkout(after);
      const wishes: Wish[] = [];
      for (const event of events) {
        if (event.kind === 'countdown') voice.tone();
        else wishes.push(wishFor(after, event));
      }
      if (after.isPaused !== before.isPaused && !after.isDone) {
        // What was said of the step no longer holds in a pause, nor after one.
        setCaption(null);
        wishes.push({ kind: 'step', code: after.isPaused ? 'workout.paused' : 'workout.resumed' });
      }
      if (after.index !== before.index) {
        now.senses = beginStep(now.senses, currentStep(after), after.timerS);
      }
      speak(wishes);
      if (after.isDone && !before.isDone) void enqueue(after);
      else if (!after.isDone && (events.length > 0 || nowMs - now.keptMs >= KEEP_EVERY_MS)) {
        now.keptMs = nowMs;
        void keep(after);
      }
    },
    [speak, voice],
  );

  /** Let time pass: the clock goes on, the second is recorded, and what is to be said is said. */
  const pass = useCallback(
    (nowMs: number) => {
      const now = live.current;
      change(tick, nowMs);
      const { heard } = now;
      const fresh = heard !== null && nowMs - heard.ms <= FRESH_MS ? heard.bpm : null;
      setBpm(fresh);
      setMeasured((before) => unlessSame(before, measuredNow(now.senses, nowMs)));
      if (!isRunning(now.workout)) return;
      change((state, ms) => {
        const [senses, recorded] = recordNow(now.senses, state, ms);
        now.senses = senses;
        return [heed(recorded, isOnTarget(recorded, fresh, measuredNow(senses, ms))), []];
      }, nowMs);
      const [senses, wishes] = judge(now.senses, fresh, now.workout, now.showPace, nowMs);
      now.senses = senses;
      if (wishes.length > 0) speak(wishes);
    },
    [change, speak],
  );

  useEffect(() => {
    const timer = setInterval(() => pass(Date.now()), TICK_MS);
    const { current } = live;
    return () => {
      clearInterval(timer);
      current.device?.close();
      voice.silence();
    };
  }, [pass, voice]);

  const { isDone } = workout;
  useEffect(() => (isDone ? undefined : stayAwake(() => undefined)), [isDone]);

  /** A change by hand is kept at once. */
  const act = useCallback(
    (by: (state: Workout, nowMs: number) => Workout | [Workout, WorkoutEvent[]]) => {
      voice.wake();
      live.current.keptMs = 0;
      change((state, nowMs) => {
        const result = by(state, nowMs);
        return isStep(result) ? result : [result, []];
      });
    },
    [change, voice],
  );

  useEffect(() => {
    live.current.showPace = showPace;
  }, [showPace]);

  /** A source says how the athlete moves. */
  const onMotion = useCallback((source: Source, motion: Motion) => {
    const now = live.current;
    now.senses = sense(now.senses, source, motion, isRunning(now.workout), Date.now());
  }, []);

  /** A position is there; with the screen off Android stops the timers, and the positions let time pass. */
  const onFix = useCallback(
    (fix: Fix, heardMs: number) => {
      const now = live.current;
      change(tick, heardMs);
      now.senses = locate(now.senses, fix, isRunning(now.workout), heardMs);
      pass(heardMs);
    },
    [change, pass],
  );

  const onReading = useCallback(
    (reading: HeartRate) => {
      const nowMs = Date.now();
      if (reading.contact === false || reading.bpm === 0) return;
      live.current.heard = { bpm: reading.bpm, ms: nowMs };
      change((state, ms) => [beat(state, reading.bpm, reading.rrMs, ms), []], nowMs);
    },
    [change],
  );

  return {
    workout,
    caption,
    bpm,
    measured,
    strap,
    onMotion,
    onFix,
    wake: voice.wake,
    speaker: voice,
    pause: () => act(pause),
    resume: () => act(resume),
    skip: () => act(nextStep),
    lap: () => act(lap),
    finish: () => act(finish),
    setDone: (reps: number, massKg: number | null, seen: LiveSet | null) =>
      act((state, ms) => setDone(state, reps, massKg, ms, seen)),
    correctSet: (reps: number) => act((state) => correctSet(state, reps)),
    connect: async () => {
      voice.wake();
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

const isRunning = (workout: Workout): boolean => !workout.isPaused && !workout.isDone;

const unlessSame = (before: Measured, after: Measured): Measured =>
  before.speedMS === after.speedMS && before.cadence === after.cadence && before.powerW === after.powerW
    ? before
    : after;

const isStep = (result: Workout | [Workout, WorkoutEvent[]]): result is [Workout, WorkoutEvent[]] =>
  Array.isArray(result);

function wishFor(workout: Workout, event: WorkoutEvent): Wish {
  const step = currentStep(workout);
  if (event.kind === 'done' || step === null) return { kind: 'step', code: 'workout.done' };
  if (step.isRest)
    return { kind: 'step', code: 'step.rest', params: { seconds: Math.round(step.durationS) } };
  return { kind: 'step', code: 'step.start', params: { text: step.text } };
}
