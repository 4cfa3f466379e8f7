/** What keeps a camera from being followed, or ended a set; and where the reason is told. */
import { report } from '@/lib/report';
import { WorkerLostError } from '@/live/pose/livePose';
import { BlindError } from '@/live/pose/patience';

import { type CameraProblem, problemOf } from './cameras';

/**
 * `models`: what sees is not there; `blind`: no picture can be read any more; `stopped`: what sees broke down in the
 * middle of a set.
 */
export type LiveProblem = CameraProblem | 'models' | 'blind' | 'stopped';

/** The athlete said no, or there is no camera: nothing is wrong with the app. */
const EXPECTED: readonly LiveProblem[] = ['refused', 'none'];

export function liveProblemOf(error: unknown): LiveProblem {
  if (error instanceof BlindError) return 'blind';
  if (error instanceof WorkerLostError) return 'stopped';
  return problemOf(error) ?? 'models';
}

/** Say once why a set could not begin or go on. */
export function reportProblem(problem: LiveProblem, reason: unknown): void {
  if (!EXPECTED.includes(problem)) report(`The live set ended (${problem})`, reason);
}
