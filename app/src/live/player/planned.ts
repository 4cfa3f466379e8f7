/** From a planned session to what the player plays; pure. */

import type { PlannedSession } from '@/api/types';
import { flatSteps, stepsOf } from '@/features/plan/steps';

import type { WorkoutStep } from './workout';

/** A planned cadence is one number; so far from it is still well. [1/min] */
const CADENCE_AROUND_RPM = 5;

export function workoutSteps(session: PlannedSession): WorkoutStep[] {
  return flatSteps(stepsOf(session.steps))
    .filter((step) => step.duration_s > 0 || step.reps !== null)
    .map((step) => ({
      text: step.text,
      durationS: step.duration_s,
      reps: step.reps,
      exercise: step.exercise,
      isRest: step.kind === 'free' && step.reps === null,
      hrBpm: step.hr_bpm,
      powerW: step.power,
      speedMS: step.speed_m_s,
      cadenceRpm:
        step.cadence_rpm === null
          ? null
          : [step.cadence_rpm - CADENCE_AROUND_RPM, step.cadence_rpm + CADENCE_AROUND_RPM],
      rpe: step.rpe,
    }));
}

/** What can be played: steps that last or that are counted, and no race. */
export const isPlayable = (session: PlannedSession): boolean =>
  session.kind !== 'race' && workoutSteps(session).length > 0;

/** What can be trained live without a plan. */
export const FREE_SPORTS = ['running', 'cycling', 'walking'] as const;

/** A step that asks for nothing and lasts until it is ended. */
export const freeStep = (text: string): WorkoutStep => ({
  text,
  durationS: 0,
  reps: null,
  isRest: false,
  isOpen: true,
  hrBpm: null,
  powerW: null,
  speedMS: null,
  cadenceRpm: null,
  rpe: null,
});
