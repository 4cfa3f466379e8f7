/** From stepping in front of the camera to the end of the last set: what state the session is in, and set-up hints. */

import policy from '../cues/policy.json';
import type { FormStepOutput, LiveEvent, LiveSetSummary, PoseFrame } from '../types';
import { hasPushUpPosture } from './counting';
import { observe, type FrameObservation } from './observation';
import { finishPushUps, newPushUps, pushUpStep, summaryOf, type PushUpState } from './pushUp';
import tables from './tables.json';

const P = policy.setup;

export type SessionPhase = 'calibrate' | 'ready' | 'active' | 'rest' | 'done';

/** What keeps the camera from judging; `null` = nothing. */
export type SetupHint = 'no_body' | 'step_back' | 'come_closer' | 'get_down' | 'turn_side';

export type SessionEvent =
  | LiveEvent
  | { kind: 'state'; tS: number; state: SessionPhase }
  | { kind: 'hint'; tS: number; hint: SetupHint }
  | { kind: 'lost'; tS: number }
  | { kind: 'set_done'; tS: number; summary: LiveSetSummary };

export type SessionState = {
  phase: SessionPhase;
  pushUps: PushUpState;
  sets: readonly LiveSetSummary[];
  hint: SetupHint | null;
  hintSinceS: number;
  /** Since when nobody is in position, NaN while somebody is. */
  awaySinceS: number;
  saidLost: boolean;
};

export const newSession = (): SessionState => ({
  phase: 'calibrate',
  pushUps: newPushUps(),
  sets: [],
  hint: null,
  hintSinceS: NaN,
  awaySinceS: NaN,
  saidLost: false,
});

type Step = [SessionState, SessionEvent[]];

const AT: Record<string, number> = tables.keypoints;
const WHOLE_BODY = [
  'nose',
  'left_wrist',
  'right_wrist',
  'left_hip',
  'right_hip',
  'left_ankle',
  'right_ankle',
];

/** What keeps the camera from judging this frame. */
export function setupHint(frame: PoseFrame | null, seen: FrameObservation): SetupHint | null {
  if (frame === null || !seen.isObserved) return 'no_body';
  const edgeX = P.edge_frac * frame.widthPx;
  const edgeY = P.edge_frac * frame.heightPx;
  const points = WHOLE_BODY.map((name) => {
    const place = AT[name] ?? NaN;
    return [frame.xy[2 * place] ?? NaN, frame.xy[2 * place + 1] ?? NaN] as const;
  });
  const isInside = ([x, y]: readonly [number, number]) =>
    x >= edgeX && x <= frame.widthPx - edgeX && y >= edgeY && y <= frame.heightPx - edgeY;
  if (!points.every(isInside)) return 'step_back';
  const span = (axis: 0 | 1) => {
    const values = points.map((point) => point[axis]);
    return Math.max(...values) - Math.min(...values);
  };
  const isDown = hasPushUpPosture(seen);
  const isFromSide = Math.abs(seen.yawDeg) <= tables.faults.side_yaw_deg;
  const wanted = P.min_body_frac * Math.min(frame.widthPx, frame.heightPx);
  if ((!isDown || isFromSide) && Math.hypot(span(0), span(1)) < wanted) return 'come_closer';
  if (!isDown) return 'get_down';
  return isFromSide ? null : 'turn_side';
}

/** Take one frame. */
export function sessionStep(
  before: SessionState,
  frame: PoseFrame | null,
  tS: number,
  form: FormStepOutput | null,
): Step {
  if (before.phase === 'done') return [before, []];
  const seen = observe(frame, tS, form);
  const [pushUps, happened] = pushUpStep(before.pushUps, seen);
  let state: SessionState = { ...before, pushUps };
  const events: SessionEvent[] = [];
  const enter = (phase: SessionPhase) => {
    if (state.phase === phase) return;
    state = { ...state, phase, hint: null, hintSinceS: NaN };
    events.push({ kind: 'state', tS, state: phase });
  };
  for (const event of happened) {
    // A body that bends its arms in position needs no more calibration.
    if (event.kind === 'phase' || event.kind === 'rep') enter('active');
    events.push(event);
    if (event.kind === 'in_position') state = { ...state, awaySinceS: NaN, saidLost: false };
    if (event.kind === 'out_of_position') state = { ...state, awaySinceS: tS };
  }
  if (state.phase === 'calibrate' || state.phase === 'rest') {
    const [after, hints, isReady] = calibrate(state, setupHint(frame, seen), tS);
    state = after;
    events.push(...hints);
    if (isReady) enter('ready');
  } else if (tS - state.awaySinceS > P.rest_after_s) {
    const [after, ended] = endSet(state, tS);
    state = after;
    events.push(...ended);
    enter(state.sets.length > 0 ? 'rest' : 'calibrate');
  } else if (frame === null && !state.saidLost && tS - state.pushUps.count.lastS > P.lost_after_s) {
    state = { ...state, saidLost: true };
    events.push({ kind: 'lost', tS });
  }
  return [state, events];
}

/** End the session: what is open is closed, the last set is told. */
export function finishSession(before: SessionState, tS: number): Step {
  if (before.phase === 'done') return [before, []];
  const [pushUps, happened] = finishPushUps(before.pushUps);
  const [state, ended] = endSet({ ...before, pushUps }, tS);
  return [{ ...state, phase: 'done' }, [...happened, ...ended, { kind: 'state', tS, state: 'done' }]];
}

function endSet(state: SessionState, tS: number): Step {
  const summary = summaryOf(state.pushUps);
  if (summary.reps.length === 0) return [{ ...state, awaySinceS: NaN }, []];
  const event: SessionEvent = { kind: 'set_done', tS, summary };
  return [{ ...state, sets: [...state.sets, summary], pushUps: newPushUps(), awaySinceS: NaN }, [event]];
}

function calibrate(
  before: SessionState,
  hint: SetupHint | null,
  tS: number,
): [SessionState, SessionEvent[], boolean] {
  let state = before;
  if (hint !== state.hint || Number.isNaN(state.hintSinceS)) state = { ...state, hint, hintSinceS: tS };
  const lastedS = tS - state.hintSinceS;
  const isGoodEnough = hint === null || (hint === 'turn_side' && lastedS >= P.side_patience_s);
  if (isGoodEnough) return [state, [], lastedS >= P.ready_after_s];
  // Between sets nobody has to stand in the picture.
  if (state.phase === 'rest' && hint !== 'turn_side') return [state, [], false];
  if (lastedS < P.persists_s) return [state, [], false];
  // The policy decides how often a hint is spoken.
  return [state, [{ kind: 'hint', tS, hint }], false];
}
