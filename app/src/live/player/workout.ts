/** A planned session under way: steps, clock, laps, sets; pure, and plain enough to be kept after every change. */

import type { components } from '@/api/schema';

export type LiveSet = components['schemas']['LiveSet'];

export type WorkoutStep = {
  text: string;
  durationS: number;
  /** A set of so many repetitions waits for the athlete; null = the clock decides. */
  reps: number | null;
  /** What is repeated, as the planner calls it. */
  exercise?: string | null;
  isRest: boolean;
  /** Lasts until the athlete ends it; nothing was planned. */
  isOpen?: boolean;
  hrBpm: readonly [number, number] | null;
  powerW: readonly [number, number] | null;
  speedMS: readonly [number, number] | null;
  cadenceRpm: readonly [number, number] | null;
  rpe: readonly [number, number] | null;
};

export type Lap = { startMs: number; endMs: number; timerS: number; text: string };
export type SetDone = {
  startMs: number;
  endMs: number;
  reps: number;
  massKg: number | null;
  text: string;
  /** What the camera saw of it, where it counted. */
  seen?: LiveSet;
};
export type Beat = { ms: number; bpm: number };
export type Pause = { fromMs: number; toMs: number };

/** What was measured in a second; null = not observed. */
export type Sample = {
  ms: number;
  speedMS: number | null;
  /** Steps of both feet, or turns of the crank. [1/min] */
  cadence: number | null;
  powerW: number | null;
  /** Since the start. [m] */
  distanceM: number | null;
  /** Latitude and longitude. [deg] */
  place?: readonly [number, number] | null;
};
export type Measured = Pick<Sample, 'speedMS' | 'cadence' | 'powerW' | 'place'>;

/** Of the timer time until `untilS`, how much could be judged by a target, and how much of that was on it. [s] */
export type Heeded = { judgedS: number; onTargetS: number; untilS: number };

export type Workout = {
  /** Also the idempotency key of its upload. */
  id: string;
  owner: string;
  title: string;
  sport: string;
  steps: readonly WorkoutStep[];
  startedMs: number;
  index: number;
  /** Timer time until `sinceMs`; the clock runs from there unless paused. [s] */
  timerS: number;
  stepS: number;
  sinceMs: number;
  isPaused: boolean;
  isDone: boolean;
  lapFromMs: number;
  lapTimerS: number;
  laps: readonly Lap[];
  sets: readonly SetDone[];
  beats: readonly Beat[];
  rrMs: readonly number[];
  pauses: readonly Pause[];
  samples: readonly Sample[];
  distanceM: number | null;
  /** A workout that was kept before this was counted has none. */
  heeded?: Heeded;
};

export type WorkoutEvent =
  | { kind: 'step'; index: number }
  /** Three, two and one second before a step ends. */
  | { kind: 'countdown'; seconds: number }
  | { kind: 'done' };

type Step = [Workout, WorkoutEvent[]];

const COUNTDOWN_S = 3;
/** Hidden pages tick once a minute; a longer gap was a sleeping device: the clock did not run. [s] */
const LONGEST_GAP_S = 90;

export function newWorkout(
  planned: Pick<Workout, 'id' | 'owner' | 'title' | 'sport' | 'steps'>,
  nowMs: number,
): Workout {
  return {
    ...planned,
    startedMs: nowMs,
    index: 0,
    timerS: 0,
    stepS: 0,
    sinceMs: nowMs,
    isPaused: false,
    isDone: planned.steps.length === 0,
    lapFromMs: nowMs,
    lapTimerS: 0,
    laps: [],
    sets: [],
    beats: [],
    rrMs: [],
    pauses: [],
    samples: [],
    distanceM: null,
  };
}

export const currentStep = (workout: Workout): WorkoutStep | null => workout.steps[workout.index] ?? null;

/** Let time pass. */
export function tick(before: Workout, nowMs: number): Step {
  if (before.isPaused || before.isDone) return [before, []];
  const dtS = (nowMs - before.sinceMs) / 1000;
  if (dtS <= 0) return [before, []];
  if (dtS > LONGEST_GAP_S) return [pausedSince(before, before.sinceMs), []];
  let state: Workout = {
    ...before,
    timerS: before.timerS + dtS,
    stepS: before.stepS + dtS,
    sinceMs: nowMs,
  };
  const events: WorkoutEvent[] = [];
  const step = currentStep(state);
  if (step === null || step.reps !== null || step.isOpen) return [state, events];
  const leftBefore = step.durationS - before.stepS;
  const left = step.durationS - state.stepS;
  for (let second = COUNTDOWN_S; second >= 1; second--) {
    if (leftBefore > second && left <= second && left > 0)
      events.push({ kind: 'countdown', seconds: second });
  }
  if (left > 0) return [state, events];
  const [after, told] = nextStep(state, nowMs);
  // What was too long for this step belongs to the next.
  state = { ...after, stepS: after.isDone ? 0 : -left };
  return [state, [...events, ...told]];
}

/** End the step under way; its lap ends with it. */
export function nextStep(before: Workout, nowMs: number): Step {
  const state = { ...lap(before, nowMs), index: before.index + 1, stepS: 0 };
  if (state.index < state.steps.length) return [state, [{ kind: 'step', index: state.index }]];
  return [{ ...state, isDone: true }, [{ kind: 'done' }]];
}

/** A set is done: keep what was lifted, then the rest begins. */
export function setDone(
  before: Workout,
  reps: number,
  massKg: number | null,
  nowMs: number,
  seen: LiveSet | null = null,
): Step {
  const step = currentStep(before);
  if (step === null || step.reps === null) return [before, []];
  const startMs = Math.max(before.lapFromMs, nowMs - before.stepS * 1000);
  const told: SetDone = { startMs, endMs: nowMs, reps, massKg, text: step.text };
  const done = seen === null ? told : { ...told, seen };
  return nextStep({ ...before, sets: [...before.sets, done] }, nowMs);
}

/** The last set had another number of repetitions than was kept. */
export function correctSet(state: Workout, reps: number): Workout {
  const last = state.sets.at(-1);
  return last === undefined ? state : { ...state, sets: [...state.sets.slice(0, -1), { ...last, reps }] };
}

export function lap(state: Workout, nowMs: number): Workout {
  const timerS = state.timerS - state.lapTimerS;
  if (timerS <= 0) return state;
  const done: Lap = { startMs: state.lapFromMs, endMs: nowMs, timerS, text: currentStep(state)?.text ?? '' };
  return { ...state, laps: [...state.laps, done], lapFromMs: nowMs, lapTimerS: state.timerS };
}

/** Laps that are done and the one under way, which the end closes. */
export const lapCount = ({ laps, timerS, lapTimerS, isDone }: Workout): number =>
  laps.length + (!isDone && timerS > lapTimerS ? 1 : 0);

export function pause(before: Workout, nowMs: number): Workout {
  const [state] = tick(before, nowMs);
  return state.isPaused || state.isDone ? state : { ...state, isPaused: true, sinceMs: nowMs };
}

const pausedSince = (state: Workout, sinceMs: number): Workout => ({ ...state, isPaused: true, sinceMs });

export function resume(state: Workout, nowMs: number): Workout {
  if (!state.isPaused) return state;
  const pauses = [...state.pauses, { fromMs: state.sinceMs, toMs: nowMs }];
  return { ...state, isPaused: false, sinceMs: nowMs, pauses };
}

/** A workout that was kept: paused since it was last heard of. */
export const restored = (kept: Workout): Workout =>
  kept.isPaused || kept.isDone ? kept : pausedSince(kept, kept.sinceMs);

/** Whether a second is to be measured: not in a pause, and none twice. */
export const wantsSample = (state: Workout, nowMs: number): boolean =>
  !state.isPaused &&
  !state.isDone &&
  Math.floor(nowMs / 1000) > Math.floor((state.samples.at(-1)?.ms ?? -1000) / 1000);

/** Keep what was measured in a second and the way that was made; nothing where nothing was. */
export function record(state: Workout, measured: Measured, wayM: number | null, nowMs: number): Workout {
  const distanceM = wayM === null ? state.distanceM : (state.distanceM ?? 0) + wayM;
  const isSilent = Object.values(measured).every((value) => value === null || value === undefined);
  if (isSilent && wayM === null) return state;
  const sample: Sample = { ms: nowMs, ...measured, distanceM };
  return { ...state, distanceM, samples: [...state.samples, sample] };
}

/** Count the time that passed since this was asked last as on target or off it; null = it cannot be judged. */
export function heed(state: Workout, isOnTarget: boolean | null): Workout {
  const { timerS } = state;
  const { judgedS, onTargetS, untilS } = state.heeded ?? { judgedS: 0, onTargetS: 0, untilS: timerS };
  const passedS = timerS - untilS;
  const heeded = {
    judgedS: judgedS + (isOnTarget === null ? 0 : passedS),
    onTargetS: onTargetS + (isOnTarget === true ? passedS : 0),
    untilS: timerS,
  };
  return { ...state, heeded };
}

/** How much of the time was on target; null until a second could be judged. [%] */
export const onTargetPct = ({ heeded }: Workout): number | null =>
  heeded === undefined || heeded.judgedS < 1 ? null : (100 * heeded.onTargetS) / heeded.judgedS;

/** Keep a heart beat's rate and the times between beats; while paused nothing is kept. */
export function beat(state: Workout, bpm: number, rrMs: readonly number[], nowMs: number): Workout {
  if (state.isPaused || state.isDone) return state;
  return { ...state, beats: [...state.beats, { ms: nowMs, bpm }], rrMs: [...state.rrMs, ...rrMs] };
}

/** End early. */
export function finish(before: Workout, nowMs: number): Workout {
  const [state] = tick(before, nowMs);
  return state.isDone ? state : { ...lap(state, nowMs), isDone: true, isPaused: false, sinceMs: nowMs };
}

export function meanBpm(workout: Workout): number | null {
  const { beats } = workout;
  return beats.length === 0 ? null : beats.reduce((sum, one) => sum + one.bpm, 0) / beats.length;
}

/** Of the seconds in which power was measured. */
export function meanPowerW(workout: Workout): number | null {
  const watts = workout.samples.flatMap(({ powerW }) => (powerW === null ? [] : [powerW]));
  return watts.length === 0 ? null : watts.reduce((sum, one) => sum + one, 0) / watts.length;
}
