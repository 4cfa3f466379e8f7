/** Holds one push-up against the published criteria, and says so where the camera cannot see them. */

import type { Decision, Fault, Finding, JudgedRep } from '../types';
import { clamp, larger, mean, quantile, smaller } from './numbers';
import { elbowDeg, elbowWorldDeg, nearArm, type FrameObservation } from './observation';
import tables from './tables.json';

const F = tables.faults;

type Limits = { passes: number; fails: number; penalty: number };

export const FAULTS = tables.fault_order as readonly Fault[];
const CRITERIA = F.criteria as Record<Fault, Limits>;
const LEARNED = new Set<string>(F.learned);
const FROM_ABOVE = new Set<string>(F.seen_from_above);

export type Attempt = {
  index: number;
  startS: number;
  turnS: number;
  endS: number;
  rangeM: number;
  complete: boolean;
};

type Scene = {
  window: readonly FrameObservation[];
  wide: readonly FrameObservation[];
  attempt: Attempt;
  turn: number;
  legs: number;
  widening: number;
};

/** Measure one repetition and decide on every fault; `frames` are those of the attempt with some around it. */
export function judge(
  frames: readonly FrameObservation[],
  attempt: Attempt,
  viewYawDeg: number,
  looksAlongArms: boolean,
): JudgedRep {
  const wide = frames.filter((frame) => frame.isObserved);
  const window = wide.filter((frame) => attempt.startS <= frame.tS && frame.tS <= attempt.endS);
  const turn = Math.abs(Number.isNaN(viewYawDeg) ? 90 : viewYawDeg);
  const legs = quantile(
    window.map((f) => f.legVisibility),
    0.5,
  );
  const widening = turn > F.side_yaw_deg || legs < F.min_arm_visibility ? F.oblique_widening : 1;
  const scene: Scene = { window, wide, attempt, turn, legs, widening };
  const enough = window.length >= F.min_samples;
  const findings = FAULTS.map((fault) => {
    if (!enough) return abstain(scene, fault, 'too_few_frames');
    if (looksAlongArms && !FROM_ABOVE.has(fault)) return abstain(scene, fault, 'view_from_above');
    return MEASURES[fault](scene);
  });
  const [minElbowDeg, maxElbowDeg] = elbowExtremes(scene);
  const line = quantile(
    window.map((f) => f.bodyLineDeg),
    0.5,
  );
  const { index, startS, turnS, endS, complete, rangeM } = attempt;
  return {
    index,
    startS,
    turnS,
    endS,
    complete,
    rangeM,
    minElbowDeg,
    maxElbowDeg,
    bodyLineDeg: enough && turn <= F.widest_side_yaw_deg && Number.isFinite(line) ? line : null,
    score: scoreOf(findings),
    findings,
  };
}

/** 100 minus the penalties, linear between pass and fail; null where depth or line were not seen. */
function scoreOf(findings: readonly Finding[]): number | null {
  const isUnseen = (fault: Fault) => findings.find((one) => one.code === fault)?.decision === 'abstain';
  if (isUnseen('hips_sag') || isUnseen('shallow_depth')) return null;
  let lost = 0;
  for (const { code, decision, probability } of findings) {
    if (decision === 'abstain' || probability === null) continue;
    lost += CRITERIA[code].penalty * clamp(positionOf(probability), 0, 1);
  }
  return Math.max(0, 100 - lost);
}

/** Position in the grey zone: 0 at the limit to pass, 1 at the limit to fail. */
function excess({ passes, fails }: { passes: number; fails: number }, value: number, widening = 1): number {
  const half = ((fails - passes) / 2) * widening;
  return (value - (passes + fails) / 2) / (2 * half) + 0.5;
}

const probabilityOf = (position: number): number =>
  1 / (1 + Math.exp(-F.steepness * clamp(position - 0.5, -F.max_excess, F.max_excess)));

const positionOf = (probability: number): number =>
  Math.log(probability / (1 - probability)) / F.steepness + 0.5;

/** What the learned model says of a fault: its mean over the end of the repetition. */
function learnedPosition(scene: Scene, fault: Fault): number | null {
  if (!LEARNED.has(fault)) return null;
  const { startS, endS } = scene.attempt;
  const fromS = endS - F.learned_before_end * (endS - startS);
  const place = FAULTS.indexOf(fault);
  const said: number[] = [];
  for (const frame of scene.wide) {
    if (frame.faultLogits === null || frame.tS < fromS || frame.tS > endS + F.learned_after_end_s) continue;
    said.push(frame.faultLogits[place] ?? NaN);
  }
  if (said.length === 0) return null;
  const position = (mean(said) + F.learned_logit_shift) / F.steepness + 0.5;
  return clamp(position, -F.max_learned_position, F.max_learned_position);
}

function decide(scene: Scene, fault: Fault, value: number | null, given: number | null = null): Finding {
  if (value === null || Number.isNaN(value)) return abstain(scene, fault, 'not_observed');
  let position = given ?? excess(CRITERIA[fault], value, scene.widening);
  if (Number.isNaN(position)) return abstain(scene, fault, 'not_observed');
  const learned = learnedPosition(scene, fault);
  if (learned !== null && scene.turn <= F.widest_side_yaw_deg) {
    const share = scene.turn > F.side_yaw_deg ? F.learned_share_oblique : F.learned_share_side;
    position += share * (learned - position);
  }
  let decision: Decision = 'none';
  let reason = 'within_limit';
  if (position >= 1) [decision, reason] = ['fault', 'beyond_limit'];
  else if (position > 0) [decision, reason] = ['borderline', 'within_measurement_error'];
  return {
    code: fault,
    decision,
    probability: probabilityOf(position),
    reason,
    measured: value,
    learnedProbability: learned === null ? null : probabilityOf(learned),
  };
}

function abstain(scene: Scene, fault: Fault, reason: string): Finding {
  const learned = learnedPosition(scene, fault);
  const learnedProbability = learned === null ? null : probabilityOf(learned);
  return { code: fault, decision: 'abstain', probability: null, reason, measured: null, learnedProbability };
}

function lineUnseen(scene: Scene): string | null {
  if (scene.turn > F.widest_side_yaw_deg) return 'view_not_side';
  return scene.legs < F.min_leg_visibility ? 'legs_not_visible' : null;
}

const middleOf = (frames: readonly FrameObservation[], read: (f: FrameObservation) => number): number =>
  quantile(frames.map(read), 0.5);

const armsUnseen = (scene: Scene): boolean =>
  !(middleOf(scene.window, (f) => nearArm(f).visibility) >= F.min_arm_visibility);

function ofLine(scene: Scene, fault: Fault, measure: () => number | null): Finding {
  const reason = lineUnseen(scene);
  return reason === null ? decide(scene, fault, measure()) : abstain(scene, fault, reason);
}

const lines = (scene: Scene): number[] => scene.window.map((f) => f.bodyLineDeg);

const MEASURES: Record<Fault, (scene: Scene) => Finding> = {
  hips_sag: (scene) => ofLine(scene, 'hips_sag', () => -quantile(lines(scene), F.sag_share)),
  hips_pike: (scene) => ofLine(scene, 'hips_pike', () => quantile(lines(scene), F.pike_share)),
  worming: (scene) => {
    const reason = lineUnseen(scene);
    if (reason === null && scene.attempt.rangeM < F.min_travel_for_unit_motion_m) {
      return abstain(scene, 'worming', 'range_too_small');
    }
    return ofLine(scene, 'worming', () => correlation(scene.window));
  },
  shallow_depth: shallowDepth,
  incomplete_lockout: (scene) => {
    if (scene.turn > F.front_yaw_deg) return abstain(scene, 'incomplete_lockout', 'view_not_side');
    if (armsUnseen(scene)) return abstain(scene, 'incomplete_lockout', 'arms_not_visible');
    const left = high(scene.wide.map((f) => f.left.elbowDeg));
    return decide(scene, 'incomplete_lockout', larger(left, high(scene.wide.map((f) => f.right.elbowDeg))));
  },
  elbow_flare: (scene) => {
    if (scene.turn < F.front_yaw_deg) return abstain(scene, 'elbow_flare', 'view_not_front');
    const bottom = aroundBottom(scene);
    const left = middleOf(bottom, (f) => f.left.flareDeg);
    const right = middleOf(bottom, (f) => f.right.flareDeg);
    const isSeen = Number.isFinite(left) && Number.isFinite(right);
    return decide(scene, 'elbow_flare', isSeen ? Math.max(left, right) : null);
  },
  asymmetry: (scene) => {
    if (scene.turn < F.front_yaw_deg) return abstain(scene, 'asymmetry', 'far_arm_hidden');
    const bottom = aroundBottom(scene);
    const visible = middleOf(bottom, (f) => smaller(f.left.visibility, f.right.visibility));
    if (visible < F.min_arm_visibility) return abstain(scene, 'asymmetry', 'arms_not_visible');
    const left = middleOf(bottom, (f) => f.left.elbowWorldDeg);
    return decide(scene, 'asymmetry', Math.abs(left - middleOf(bottom, (f) => f.right.elbowWorldDeg)));
  },
  head_drop: (scene) => {
    if (scene.turn > F.widest_side_yaw_deg) return abstain(scene, 'head_drop', 'view_not_side');
    return decide(
      scene,
      'head_drop',
      middleOf(scene.window, (f) => f.neckDeg),
    );
  },
  too_fast: (scene) => decide(scene, 'too_fast', scene.attempt.endS - scene.attempt.startS),
};

function shallowDepth(scene: Scene): Finding {
  if (armsUnseen(scene)) return abstain(scene, 'shallow_depth', 'arms_not_visible');
  const armDeg = middleOf(aroundBottom(scene), (f) => nearArm(f).upperArmDeg);
  if (scene.turn > F.front_yaw_deg) {
    // From the front the elbow angle collapses; the upper arm's slope is still seen, if roughly.
    return decide(scene, 'shallow_depth', low(worldElbows(scene)), excess(F.arm_level_from_front, armDeg));
  }
  const bentDeg = low(scene.window.map((f) => nearArm(f).elbowDeg));
  // Deep enough by either sign: the elbow angle or the upper arm level with the ground.
  const byElbow = excess(CRITERIA.shallow_depth, bentDeg, scene.widening);
  return decide(
    scene,
    'shallow_depth',
    bentDeg,
    smaller(byElbow, excess(F.arm_level, armDeg, scene.widening)),
  );
}

/** An eighth of the repetition around the lowest point, at least three frames. */
function aroundBottom(scene: Scene): readonly FrameObservation[] {
  const { startS, turnS, endS } = scene.attempt;
  const reachS = (endS - startS) * F.bottom_reach_frac;
  const near = scene.window.filter((f) => Math.abs(f.tS - turnS) <= reachS);
  if (near.length >= 3) return near;
  return [...scene.window].sort((a, b) => Math.abs(a.tS - turnS) - Math.abs(b.tS - turnS)).slice(0, 3);
}

const worldElbows = (scene: Scene): number[] =>
  scene.wide.map((f) => (Number.isFinite(elbowWorldDeg(f)) ? elbowWorldDeg(f) : elbowDeg(f)));

function elbowExtremes(scene: Scene): [number, number] | [null, null] {
  if (scene.window.length === 0) return [null, null];
  const isSide = scene.turn <= F.widest_side_yaw_deg;
  const angles = isSide ? scene.wide.map((f) => nearArm(f).elbowDeg) : worldElbows(scene);
  const [least, most] = [low(angles), high(angles)];
  return Number.isFinite(least) && Number.isFinite(most) ? [least, most] : [null, null];
}

const low = (values: readonly number[]): number => quantile(values, F.extreme_share);
const high = (values: readonly number[]): number => quantile(values, 1 - F.extreme_share);

/** How much shoulders and hips move together, null where that cannot be told. */
function correlation(window: readonly FrameObservation[]): number | null {
  const pairs = window
    .map((f) => [f.shoulderYPx, f.hipYPx] as const)
    .filter(([a, b]) => Number.isFinite(a) && Number.isFinite(b));
  if (pairs.length < F.min_samples) return null;
  const meanA = mean(pairs.map(([a]) => a));
  const meanB = mean(pairs.map(([, b]) => b));
  let [varA, varB, both] = [0, 0, 0];
  for (const [a, b] of pairs) {
    varA += (a - meanA) ** 2;
    varB += (b - meanB) ** 2;
    both += (a - meanA) * (b - meanB);
  }
  return varA > 0 && varB > 0 ? both / Math.sqrt(varA * varB) : null;
}
