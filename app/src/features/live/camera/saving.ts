/** From a recording to a form check: what was found of each repetition, and the body points only if they are given. */
import type { components } from '@/api/schema';
import { uploadFile } from '@/api/upload';
import { writtenPart } from '@/live/player/filePart';
import tables from '@/live/engine/tables.json';
import { saveSetOnce } from '@/live/sets/send';
import type { JudgedRep } from '@/live/types';

import type { Recording } from './coach';
import { writePoses } from './npz';

type LiveSet = components['schemas']['LiveSet'];
type LiveRep = components['schemas']['LiveRep'];

/** `analysed` = the server looks at the body points anew; `waits` = kept here until there is a connection. */
export type Saved = { kind: 'stored'; id: string } | { kind: 'analysed' } | { kind: 'waits' };

const THOUSAND = 1000;

const rounded = (value: number): number => Math.round(value * THOUSAND) / THOUSAND;
const roundedOrNull = (value: number | null): number | null => (value === null ? null : rounded(value));

/** What the server is told of a set; nothing in it shows the body. */
export function liveSet(recording: Recording): LiveSet {
  return {
    exercise: 'push_up',
    duration_s: rounded(recording.durationS),
    frames: recording.seen.length,
    poses_found: recording.seen.found,
    form_model_version: recording.formModel,
    camera: {
      dropped: recording.droppedS.length,
      dropped_s: recording.droppedS.slice(0, tables.camera.max_dropped).map(rounded),
      gaps: recording.seen.gaps.map(([startS, endS]) => ({
        start_s: rounded(startS),
        end_s: rounded(endS),
      })),
    },
    reps: recording.reps.map((rep) => liveRep(rep, recording.durationS)),
  };
}

function liveRep(rep: JudgedRep, durationS: number): LiveRep {
  return {
    start_s: Math.max(0, rounded(rep.startS)),
    turn_s: rounded(rep.turnS),
    end_s: rounded(Math.min(rep.endS, durationS)),
    complete: rep.complete,
    range_m: rounded(rep.rangeM),
    min_elbow_deg: roundedOrNull(rep.minElbowDeg),
    max_elbow_deg: roundedOrNull(rep.maxElbowDeg),
    body_line_deg: roundedOrNull(rep.bodyLineDeg),
    score: roundedOrNull(rep.score),
    faults: rep.findings.map((finding) => ({
      code: finding.code,
      decision: finding.decision,
      probability: roundedOrNull(finding.probability),
      reason: finding.reason,
      measured: roundedOrNull(finding.measured),
      learned_probability: roundedOrNull(finding.learnedProbability),
    })),
  };
}

/** Save a set once, however often it is tried with one key; says its form check, or what it waits for. */
export async function saveSet(
  recording: Recording,
  { withPoints, key, owner }: { withPoints: boolean; key: string; owner: string },
): Promise<Saved> {
  if (!withPoints) {
    const id = await saveSetOnce({ id: key, owner, set: liveSet(recording) });
    return id === null ? { kind: 'waits' } : { kind: 'stored', id };
  }
  const name = 'live.npz';
  const written = await writtenPart(name, (write) => writePoses(recording.seen, recording.droppedS, write));
  const file = { name, ...written };
  const fields = { exercise: 'push_up' };
  await uploadFile({
    path: '/api/v1/form-checks',
    file,
    fields,
    key: `${key}-points`,
    onProgress: () => undefined,
  });
  return { kind: 'analysed' };
}
