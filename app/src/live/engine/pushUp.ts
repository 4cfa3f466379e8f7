/** The whole chain in one causal step: pose, phase, count, faults and cue. */

import type { FormStepOutput, JudgedRep, LiveEngine, LiveEvent, LiveSetSummary, PoseFrame } from '../types';
import { countStep, finishCount, newCount, trimmed, type CountEvent, type CountState } from './counting';
import { FAULTS, judge } from './faults';
import { meanDirectionDeg, radians } from './numbers';
import { observe, type FrameObservation } from './observation';
import tables from './tables.json';

export { hasPushUpPosture } from './counting';

const S = tables.form_step;
const LONGEST_S = tables.push_up.max_rep_s + S.window_margin_s;
const CUE_ORDER = S.cue_order as readonly LiveSetSummary['faults'][number]['code'][];

export type PushUpState = {
  count: CountState;
  reps: readonly JudgedRep[];
  partialReps: readonly JudgedRep[];
  window: readonly FrameObservation[];
  /** Running mean direction of the view, and of the part of the arms along the line of sight. */
  yawX: number;
  yawY: number;
  handDepth: number;
  cuedS: number;
};

export const newPushUps = (): PushUpState => ({
  count: newCount(),
  reps: [],
  partialReps: [],
  window: [],
  yawX: 0,
  yawY: 0,
  handDepth: 0,
  cuedS: -Infinity,
});

type Step = [PushUpState, LiveEvent[]];

/** Take what one frame shows. */
export function pushUpStep(before: PushUpState, seen: FrameObservation): Step {
  const [count, events] = countStep(before.count, seen);
  const window = trimmed([...before.window, seen], LONGEST_S);
  return judgeAll(withView({ ...before, count, window }, seen), events, seen.tS);
}

/** Close what is open when the set ends. */
export function finishPushUps(before: PushUpState): Step {
  const [count, events] = finishCount(before.count);
  return judgeAll({ ...before, count }, events, before.count.lastS);
}

function withView(state: PushUpState, seen: FrameObservation): PushUpState {
  if (!state.count.isInPosition || !Number.isFinite(seen.yawDeg)) return state;
  const earlierS = state.window.at(-2)?.tS ?? seen.tS;
  const share = Math.max(S.min_view_share, 1 - Math.exp(-(seen.tS - earlierS) / S.view_time_s));
  const turn = radians(seen.yawDeg);
  return {
    ...state,
    yawX: state.yawX + share * (Math.cos(turn) - state.yawX),
    yawY: state.yawY + share * (Math.sin(turn) - state.yawY),
    handDepth: state.handDepth + share * (Math.abs(seen.handDepth) - state.handDepth),
  };
}

function judgeAll(before: PushUpState, happened: readonly CountEvent[], nowS: number): Step {
  let state = before;
  const events: LiveEvent[] = [];
  const judged: JudgedRep[] = [];
  for (const event of happened) {
    const { tS, phase, count } = event;
    if (event.kind === 'rep_closed' || event.kind === 'partial') {
      const rep = judgedRep(state, event, event.kind === 'rep_closed');
      state = rep.complete
        ? { ...state, reps: [...state.reps, rep] }
        : { ...state, partialReps: [...state.partialReps, rep] };
      judged.push(rep);
      events.push({ kind: event.kind, tS, phase, count, rep });
    } else if (event.kind === 'rep') {
      const { startS, turnS, endS } = event;
      events.push({ kind: 'rep', tS, phase, count, startS, turnS, endS });
    } else {
      events.push({ kind: event.kind, tS, phase, count });
    }
  }
  if (nowS - state.cuedS >= S.min_cue_interval_s) {
    const shows = (code: string) => (rep: JudgedRep) =>
      rep.findings.some((one) => one.code === code && one.decision === 'fault');
    const fault = CUE_ORDER.find((code) => judged.some(shows(code)));
    const rep = fault === undefined ? undefined : judged.find(shows(fault));
    if (fault !== undefined && rep !== undefined) {
      state = { ...state, cuedS: nowS };
      events.push({ kind: 'cue', tS: nowS, fault, rep });
    }
  }
  return [state, events];
}

function judgedRep(state: PushUpState, event: CountEvent, complete: boolean): JudgedRep {
  const { startS, turnS, endS, rangeM } = event;
  const window = state.window.filter((f) => startS - S.top_margin_s <= f.tS && f.tS <= endS + S.top_margin_s);
  const yaw = meanDirectionDeg(window.map((f) => f.yawDeg).filter(Number.isFinite));
  const index = state.reps.length + state.partialReps.length + 1;
  const attempt = { index, startS, turnS, endS, rangeM, complete };
  return judge(window, attempt, yaw, state.handDepth > S.looks_along_arms);
}

/** What a set came to so far. */
export function summaryOf(state: PushUpState): LiveSetSummary {
  const reps = [...state.reps, ...state.partialReps].sort((a, b) => a.startS - b.startS);
  const faults = FAULTS.map((code) => ({
    code,
    reps: state.reps.filter((rep) => rep.findings.some((f) => f.code === code && f.decision === 'fault'))
      .length,
  }));
  return {
    exercise: 'push_up',
    count: state.count.count,
    partialCount: state.count.partialCount,
    startedS: reps[0]?.startS ?? null,
    endedS: reps.at(-1)?.endS ?? null,
    reps,
    faults: faults.filter((one) => one.reps > 0).sort((a, b) => b.reps - a.reps),
  };
}

/** Return an engine that follows one set of push-ups. */
export function newPushUpEngine(): LiveEngine {
  let state = newPushUps();
  const take = ([after, events]: Step): LiveEvent[] => {
    state = after;
    return events;
  };
  return {
    step: (frame: PoseFrame | null, tS: number, form: FormStepOutput | null) =>
      take(pushUpStep(state, observe(frame, tS, form))),
    finish: () => take(finishPushUps(state)),
    summary: () => summaryOf(state),
  };
}
