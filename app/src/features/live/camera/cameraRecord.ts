/** Which pictures of the camera are missing in a set; pure. The same as `kinematics/camera_record.py`. */
import tables from '@/live/engine/tables.json';

import type { Recording } from './coach';
import type { PoseRecord } from './poseRecord';

const { camera: LIMITS } = tables;

export type Gap = readonly [startS: number, endS: number];

/** The longest times without a picture that was looked at, since the first one; the longest first. [s] */
export function longestGaps(seen: PoseRecord): Gap[] {
  const timesS = Array.from(seen.timesS());
  return timesS
    .slice(1)
    .map((tS, before): Gap => [timesS[before] ?? 0, tS])
    .filter((gap) => lastsS(gap) >= LIMITS.gap_s)
    .sort((a, b) => lastsS(b) - lastsS(a))
    .slice(0, LIMITS.most_gaps);
}

/** What is missing where that may be a repetition, else null. `perS` are the pictures looked at in a second. */
export function sparsity(
  recording: Pick<Recording, 'seen' | 'durationS'>,
): { perS: number; gap: Gap | null } | null {
  const { seen, durationS } = recording;
  const [longest = null] = longestGaps(seen);
  const isSparse =
    seen.length < LIMITS.enough_per_s * durationS ||
    (longest !== null && lastsS(longest) >= LIMITS.long_gap_s);
  return isSparse ? { perS: seen.length / durationS, gap: longest } : null;
}

export const lastsS = ([startS, endS]: Gap): number => endS - startS;
