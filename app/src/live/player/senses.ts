/** What is sensed in a workout beside the heart: sources come in, what is recorded and said of it goes out; pure. */

import { graceS, sideNow, startStep, newTarget, targetStep } from '../cues/targets';
import type { Limits, Side, TargetKind, TargetState } from '../cues/targets';
import type { Wish } from '../cues/policy';
import { fresh, newFused, take, takeWay, type Fused, type Quantity, type Source } from '../sensors/fused';
import { gpsStep, newGps, type Fix, type Gps, type Place } from '../sensors/gps';
import type { Motion } from '../sensors/pods';
import { currentStep, record, wantsSample, type Measured, type Workout, type WorkoutStep } from './workout';

export type Senses = {
  fused: Fused;
  gps: Gps;
  at: { place: Place; ms: number } | null;
  targets: Record<TargetKind, TargetState>;
};

export const TARGET_KINDS: readonly TargetKind[] = ['hr', 'power', 'pace', 'cadence'];

const QUANTITY = { power: 'powerW', pace: 'speedMS', cadence: 'cadence' } as const satisfies Record<
  Exclude<TargetKind, 'hr'>,
  Quantity
>;

export const newSenses = (step: WorkoutStep | null): Senses =>
  beginStep(
    {
      fused: newFused(),
      gps: newGps(),
      at: null,
      targets: {
        hr: newTarget('hr'),
        power: newTarget('power'),
        pace: newTarget('pace'),
        cadence: newTarget('cadence'),
      },
    },
    step,
    0,
  );

/** What a step asks for; null = nothing of that kind. */
export function limitsOf(step: WorkoutStep | null, kind: TargetKind): Limits | null {
  if (step === null) return null;
  if (kind === 'hr') return step.hrBpm;
  if (kind === 'power') return step.powerW;
  // A workout that was kept before steps could ask for a cadence has none.
  return (kind === 'pace' ? step.speedMS : step.cadenceRpm) ?? null;
}

export function beginStep(before: Senses, step: WorkoutStep | null, tS: number): Senses {
  const targets = { ...before.targets };
  for (const kind of TARGET_KINDS) targets[kind] = startStep(targets[kind], limitsOf(step, kind), tS);
  return { ...before, targets };
}

/** A source has spoken. */
export const sense = (
  before: Senses,
  source: Source,
  motion: Motion,
  isCounting: boolean,
  nowMs: number,
): Senses => ({ ...before, fused: take(before.fused, source, motion, isCounting, nowMs) });

/** A place is recorded in the second in which it was found. */
const PLACE_MS = 1_500;

/** The satellites have spoken; `nowMs` is our clock, the position has its own. */
export function locate(before: Senses, fix: Fix, isCounting: boolean, nowMs: number): Senses {
  const [gps, said] = gpsStep(before.gps, fix);
  if (said === null) return { ...before, gps };
  const motion = { ...said.motion, fromMs: nowMs - (fix.ms - said.motion.fromMs) };
  return {
    ...sense({ ...before, gps }, 'gps', motion, isCounting, nowMs),
    at: { place: said.place, ms: nowMs },
  };
}

export const placeNow = ({ at }: Senses, nowMs: number): Place | null =>
  at !== null && nowMs - at.ms <= PLACE_MS ? at.place : null;

export const measuredNow = ({ fused }: Senses, nowMs: number): Measured => ({
  speedMS: fresh(fused, 'speedMS', nowMs),
  cadence: fresh(fused, 'cadence', nowMs),
  powerW: fresh(fused, 'powerW', nowMs),
});

/** Keep this second, unless it is kept. */
export function recordNow(before: Senses, workout: Workout, nowMs: number): [Senses, Workout] {
  if (!wantsSample(workout, nowMs)) return [before, workout];
  const [fused, wayM] = takeWay(before.fused);
  const place = placeNow(before, nowMs);
  return [{ ...before, fused }, record(workout, { ...measuredNow(before, nowMs), place }, wayM, nowMs)];
}

/** What could be said of what is sensed now. */
export function judge(
  before: Senses,
  bpm: number | null,
  workout: Workout,
  showPace: (speedMS: number) => string,
  nowMs: number,
): [Senses, Wish[]] {
  const measured = measuredNow(before, nowMs);
  const targets = { ...before.targets };
  const wishes: Wish[] = [];
  for (const kind of TARGET_KINDS) {
    const value = kind === 'hr' ? bpm : measured[QUANTITY[kind]];
    const [after, told] = targetStep(
      targets[kind],
      value,
      workout.timerS,
      kind === 'pace' ? showPace : undefined,
    );
    targets[kind] = after;
    wishes.push(...told);
  }
  return [{ ...before, targets }, wishes];
}

/** Whether all that the step asks for and that is measured is on target; null where nothing can be judged yet. */
export function isOnTarget(workout: Workout, bpm: number | null, measured: Measured): boolean | null {
  const sides = TARGET_KINDS.flatMap((kind) => {
    const value = kind === 'hr' ? bpm : measured[QUANTITY[kind]];
    const side = value === null || workout.stepS < graceS(kind) ? null : sideOf(workout, kind, value);
    return side ?? [];
  });
  return sides.length === 0 ? null : sides.every((side) => side === 'within');
}

/** Where a value stands to what the step under way asks for; null where it asks for nothing. */
export function sideOf(workout: Workout, kind: TargetKind, value: number): Side | null {
  const limits = limitsOf(currentStep(workout), kind);
  return limits === null ? null : sideNow(value, limits);
}
