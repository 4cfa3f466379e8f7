/** Which pictures of the camera are missing in a set; pure. The same as `kinematics/camera_record.py`. */
import tables from '@/live/engine/tables.json';

import type { Recording } from './coach';
import { type Gap, lastsS } from './gaps';

const { camera: LIMITS } = tables;

/** What is missing where that may be a repetition, else null. `perS` are the pictures looked at in a second. */
export function sparsity(
  recording: Pick<Recording, 'seen' | 'durationS'>,
): { perS: number; gap: Gap | null } | null {
  const { seen, durationS } = recording;
  const [longest = null] = seen.gaps;
  const isSparse =
    seen.length < LIMITS.enough_per_s * durationS ||
    (longest !== null && lastsS(longest) >= LIMITS.long_gap_s);
  return isSparse ? { perS: seen.length / durationS, gap: longest } : null;
}
