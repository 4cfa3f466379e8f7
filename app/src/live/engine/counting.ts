/** The causal step of the push-up's count: one frame and the state in, the new state and what happened out. */

import type { Phase } from '../types';
import { cycleStep, finishCycles, newCycles, type CycleEvent, type CycleState } from './cycles';
import { meanOf, quantile, smaller, spread } from './numbers';
import { elbowDeg, elbowWorldDeg, type FrameObservation } from './observation';
import tables from './tables.json';

const E = tables.engine;
const P = tables.push_up;

export type CountEvent = {
  kind: 'in_position' | 'out_of_position' | 'phase' | 'rep' | 'partial' | 'rep_closed';
  tS: number;
  phase: Phase;
  count: number;
  /** Extent of the repetition or attempt, NaN for other kinds. [s] */
  startS: number;
  turnS: number;
  endS: number;
  rangeM: number;
};

type Sample = { tS: number; value: number };

export type CountState = {
  cycles: CycleState;
  phase: Phase;
  count: number;
  partialCount: number;
  isInPosition: boolean;
  posture: number;
  pxPerM: number;
  handsYPx: number;
  heights: readonly Sample[];
  lastS: number;
  window: readonly FrameObservation[];
  isRepOpen: boolean;
};

export const newCount = (): CountState => ({
  cycles: newCycles(P.min_range_m),
  phase: 'away',
  count: 0,
  partialCount: 0,
  isInPosition: false,
  posture: 0,
  pxPerM: NaN,
  handsYPx: NaN,
  heights: [],
  lastS: NaN,
  window: [],
  isRepOpen: false,
});

type Step = [CountState, CountEvent[]];

/** Clearly in the position of a push-up. */
export function hasPushUpPosture(seen: FrameObservation): boolean {
  if (!seen.isObserved) return false;
  const fromFront = Math.abs(seen.yawDeg) > P.front_yaw_deg;
  const [low, high] = P.enter_arm_trunk_deg as [number, number];
  return (
    Math.abs(seen.trunkInclinationDeg) <= P.enter_trunk_inclination_deg &&
    !(seen.hipAngleDeg < (fromFront ? P.stay_hip_angle_deg : P.enter_hip_angle_deg)) &&
    !(seen.armTrunkDeg < low || seen.armTrunkDeg > high) &&
    (seen.handDirection > 0 || seen.handDepth > P.along_arms)
  );
}

/** A body that was in position may still be in it. */
export function mayBeInPushUp(seen: FrameObservation): boolean {
  return (
    seen.isObserved &&
    Math.abs(seen.trunkInclinationDeg) <= P.stay_trunk_inclination_deg &&
    !(seen.hipAngleDeg < P.stay_hip_angle_deg) &&
    (seen.handDirection > P.stay_hand_direction || seen.handDepth > P.along_arms)
  );
}

/** Take one frame. */
export function countStep(before: CountState, seen: FrameObservation): Step {
  const dtS = Number.isNaN(before.lastS) ? 0 : seen.tS - before.lastS;
  if (!seen.isObserved) return unseen(before, seen.tS);
  let state = before;
  const events: CountEvent[] = [];
  const take = ([after, told]: Step) => {
    state = after;
    events.push(...told);
  };
  if (dtS > E.loss_s && state.isInPosition) take(leave(state, seen.tS));
  state = { ...state, lastS: seen.tS };
  take(followPosture(state, seen, dtS));
  state = followScale(state, seen, dtS);
  if (!state.isInPosition || !(state.pxPerM > 0)) return [state, events];
  const height = smaller((state.handsYPx - seen.shoulderYPx) / state.pxPerM, P.max_height_m);
  if (!Number.isFinite(height)) return [state, events];
  const heights = [...state.heights, { tS: seen.tS, value: height }].slice(-E.median_samples);
  const ordered = heights.map((sample) => sample.value).sort((a, b) => a - b);
  const median = ordered[Math.floor(ordered.length / 2)] ?? NaN;
  const window = trimmed([...state.window, seen], P.max_rep_s);
  const [cycles, happened] = cycleStep(state.cycles, seen.tS, median);
  state = { ...state, heights, window, cycles };
  for (const event of happened) take(tell(state, event, seen.tS));
  return [state, events];
}

/** Close what is open when the set ends. */
export function finishCount(before: CountState): Step {
  let state = before;
  const events: CountEvent[] = [];
  const happened: CycleEvent[] = [];
  const last = state.heights.at(-1);
  if (last !== undefined) {
    // The median of three frames is one frame late.
    const [cycles, late] = cycleStep(state.cycles, state.lastS + E.end_step_s, last.value);
    state = { ...state, cycles };
    happened.push(...late);
  }
  for (const event of [...happened, ...finishCycles(state.cycles)]) {
    const [after, told] = tell(state, event, state.lastS);
    state = after;
    events.push(...told);
  }
  return [state, events];
}

/** Forget frames older than a repetition can last, now and then. */
export function trimmed(window: FrameObservation[], longestS: number): FrameObservation[] {
  const now = window.at(-1)?.tS ?? NaN;
  if (!(now - (window[0]?.tS ?? NaN) > 2 * longestS)) return window;
  return window.filter((frame) => now - frame.tS <= longestS);
}

function unseen(state: CountState, tS: number): Step {
  if (!state.isInPosition || Number.isNaN(state.lastS) || tS - state.lastS <= E.loss_s) return [state, []];
  return leave(state, tS);
}

/** Close a counted repetition, drop an undecided one: going down to rest is no attempt. */
function leave(before: CountState, tS: number): Step {
  let state = before;
  let events: CountEvent[] = [];
  for (const event of finishCycles(state.cycles)) {
    if (event.kind === 'top') [state, events] = tell(state, event, tS);
  }
  state = { ...forgetCycle(state), isInPosition: false, posture: 0, phase: 'away' };
  return [state, [...events, plain('out_of_position', tS, state)]];
}

function forgetCycle(state: CountState): CountState {
  const { minRange, ranges, noise } = state.cycles;
  return {
    ...state,
    cycles: { ...newCycles(minRange), ranges, noise },
    window: [],
    heights: [],
    handsYPx: NaN,
    isRepOpen: false,
  };
}

function followPosture(before: CountState, seen: FrameObservation, dtS: number): Step {
  const fits = before.isInPosition ? mayBeInPushUp(seen) : hasPushUpPosture(seen);
  const now = fits ? 1 : 0;
  const isFirst = before.posture === 0 && !before.isInPosition && dtS === 0;
  const posture = isFirst ? now : before.posture + shareOf(dtS, E.posture_time_s) * (now - before.posture);
  let state: CountState = { ...before, posture };
  if (!state.isInPosition && posture > E.enter_posture_share) {
    state = { ...forgetCycle(state), isInPosition: true, phase: 'top' };
    return [state, [plain('in_position', seen.tS, state)]];
  }
  if (state.isInPosition && posture < E.stay_posture_share) return leave(state, seen.tS);
  return [state, []];
}

function followScale(state: CountState, seen: FrameObservation, dtS: number): CountState {
  let { pxPerM, handsYPx } = state;
  if (Number.isFinite(seen.pxPerM)) {
    const share = shareOf(dtS, E.scale_time_s);
    pxPerM = Number.isNaN(pxPerM) ? seen.pxPerM : pxPerM + share * (seen.pxPerM - pxPerM);
  }
  // Hands rest on the ground: their height is averaged. Upwards it follows slowly, so a clap does not move the ground.
  if (Number.isFinite(seen.wristYPx)) {
    const share = shareOf(dtS, seen.wristYPx > handsYPx ? E.hands_down_time_s : E.hands_up_time_s);
    handsYPx = Number.isNaN(handsYPx) ? seen.wristYPx : handsYPx + share * (seen.wristYPx - handsYPx);
  }
  return { ...state, pxPerM, handsYPx };
}

const shareOf = (dtS: number, timeS: number): number => 1 - Math.exp(-dtS / timeS);

function plain(kind: CountEvent['kind'], tS: number, state: CountState): CountEvent {
  const { phase, count } = state;
  return { kind, tS, phase, count, startS: NaN, turnS: NaN, endS: NaN, rangeM: NaN };
}

function tell(before: CountState, event: CycleEvent, tS: number): Step {
  const rangeM = event.start.value - event.turn.value;
  let state = before;
  let kind: CountEvent['kind'];
  if (event.kind === 'descent') {
    kind = 'phase';
    state = { ...state, phase: 'eccentric' };
  } else if (event.kind === 'turn') {
    kind = 'phase';
    state = { ...state, phase: 'concentric' };
  } else if (event.kind === 'top') {
    if (!state.isRepOpen) return [state, []];
    kind = 'rep_closed';
    state = { ...state, isRepOpen: false };
  } else if (!belongs(state, event)) {
    return [{ ...state, phase: 'top' }, []];
  } else if (event.kind === 'counted') {
    kind = 'rep';
    state = { ...state, phase: 'top', count: state.count + 1, isRepOpen: true };
  } else {
    kind = 'partial';
    state = { ...state, phase: 'top', partialCount: state.partialCount + 1 };
  }
  const { phase, count } = state;
  const [startS, turnS, endS] = [event.start.tS, event.turn.tS, event.end.tS];
  return [state, [{ kind, tS, phase, count, startS, turnS, endS, rangeM }]];
}

/** Whether a cycle of the shoulders was made by bending the arms over resting hands. */
function belongs(state: CountState, event: CycleEvent): boolean {
  const lastedS = event.end.tS - event.start.tS;
  if (!(P.min_rep_s <= lastedS && lastedS <= P.max_rep_s)) return false;
  const frames = state.window.filter((f) => event.start.tS <= f.tS && f.tS <= event.end.tS);
  if (event.start.value < P.min_top_m || frames.length === 0) return false;
  if (frames.filter(mayBeInPushUp).length < P.min_posture_share * frames.length) return false;
  const inclination = frames.reduce((sum, f) => sum + Math.abs(f.trunkInclinationDeg), 0) / frames.length;
  if (inclination > P.enter_trunk_inclination_deg) return false;
  const elbows = Math.max(spread(frames.map(elbowDeg)), spread(frames.map(elbowWorldDeg)));
  if (elbows < P.min_elbow_range_deg) return false;
  const maySway = event.start.value - event.turn.value < P.sway_m && lastedS >= P.sway_s;
  if (maySway && elbowBendDeg(event, frames) < P.min_elbow_range_deg) return false;
  const hands = spread(frames.map((f) => f.wristYPx));
  if (!(hands <= P.max_hand_travel_frac * spread(frames.map((f) => f.shoulderYPx)))) return false;
  return hasComeUp(event, frames);
}

/**
 * The body at the end of a cycle differs from the body at its turn: while the averaged hands settle, the signal rises
 * and nobody does.
 */
function hasComeUp(event: CycleEvent, frames: readonly FrameObservation[]): boolean {
  const turn = around(frames, event.turn.tS, P.rise_moment_s);
  const end = around(frames, event.end.tS, P.rise_moment_s);
  const riseM = median(turn, handsOverShouldersM) - median(end, handsOverShouldersM);
  const stretchDeg = median(end, elbowBothDeg) - median(turn, elbowBothDeg);
  const isStill = Math.abs(riseM) < P.min_rise_frac * (event.end.value - event.turn.value);
  return !(isStill && Math.abs(stretchDeg) < P.min_elbow_range_deg);
}

/** How much further the elbows are bent at the turn of a cycle than at its ends. */
function elbowBendDeg(event: CycleEvent, frames: readonly FrameObservation[]): number {
  const near = (tS: number) => around(frames, tS, P.moment_s);
  const ends = [...near(event.start.tS), ...near(event.end.tS)];
  const bent = median(ends, elbowBothDeg) - median(near(event.turn.tS), elbowBothDeg);
  return Number.isFinite(bent) ? bent : 0;
}

const handsOverShouldersM = (seen: FrameObservation): number =>
  (seen.shoulderYPx - seen.wristYPx) / seen.pxPerM;
const elbowBothDeg = (seen: FrameObservation): number => meanOf(elbowDeg(seen), elbowWorldDeg(seen));
const median = (frames: readonly FrameObservation[], read: (seen: FrameObservation) => number): number =>
  quantile(frames.map(read), 0.5);

/** The frames about a moment, at least three where there are three. */
function around(
  frames: readonly FrameObservation[],
  tS: number,
  reachS: number,
): readonly FrameObservation[] {
  const near = frames.filter((frame) => Math.abs(frame.tS - tS) <= reachS);
  if (near.length >= 3) return near;
  return [...frames].sort((a, b) => Math.abs(a.tS - tS) - Math.abs(b.tS - tS)).slice(0, 3);
}
