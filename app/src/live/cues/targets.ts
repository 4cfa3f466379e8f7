/** What to say of a quantity in a planned step, heart rate, power, pace or cadence: ease off, push on, or nothing; pure. */

import { quantile } from '../engine/numbers';
import type { Wish } from './policy';
import rules from './policy.json';

export type TargetKind = 'hr' | 'power' | 'pace' | 'cadence';
export type Limits = readonly [number, number];
export type Side = 'above' | 'below' | 'within';

type Rules = {
  grace_s: number;
  median_s: number;
  hysteresis: number;
  hysteresis_frac: number;
  persists_s: number;
  repeat_s: number;
  lost_after_s: number;
};

const RULES: Record<TargetKind, Rules> = {
  hr: { ...rules.hr, hysteresis: rules.hr.hysteresis_bpm, hysteresis_frac: 0 },
  ...rules.targets,
};

/** Codes of the words, and what is put into them. */
const CODES = {
  hr: { lost: 'hr.strap_lost', back: 'hr.strap_back', value: 'hr_bpm', target: 'target_bpm' },
  power: { lost: 'power.lost', back: 'power.back', value: 'value', target: 'target' },
  pace: { lost: 'pace.lost', back: 'pace.back', value: 'value', target: 'target' },
  cadence: { lost: 'cadence.lost', back: 'cadence.back', value: 'value', target: 'target' },
} as const;

export type TargetState = {
  kind: TargetKind;
  stepSinceS: number;
  target: Limits | null;
  recent: readonly { tS: number; value: number }[];
  heardS: number;
  isLost: boolean;
  side: Side;
  sideSinceS: number;
  saidS: number;
  saidSide: Side;
};

export const newTarget = (kind: TargetKind): TargetState => ({
  kind,
  stepSinceS: 0,
  target: null,
  recent: [],
  heardS: NaN,
  isLost: false,
  side: 'within',
  sideSinceS: NaN,
  saidS: -Infinity,
  saidSide: 'within',
});

/** Begin a step; the body needs a while to follow, so nothing is said at first. */
export function startStep(state: TargetState, target: Limits | null, tS: number): TargetState {
  return {
    ...state,
    stepSinceS: tS,
    target,
    side: 'within',
    sideSinceS: NaN,
    saidS: -Infinity,
    saidSide: 'within',
  };
}

/** Where a value stands to its target, for its colour. */
export const sideNow = (value: number, [low, high]: Limits): Side =>
  value > high ? 'above' : value < low ? 'below' : 'within';

/** How long after its beginning a step is not judged, so that the body can follow. [s] */
export const graceS = (kind: TargetKind): number => RULES[kind].grace_s;

/** Take a reading, or the passing of time without one; `show` writes a value as it is spoken. */
export function targetStep(
  before: TargetState,
  value: number | null,
  tS: number,
  show: (value: number) => string | number = Math.round,
): [TargetState, Wish[]] {
  const { kind } = before;
  const R = RULES[kind];
  const codes = CODES[kind];
  if (value === null) {
    const isGone = !Number.isNaN(before.heardS) && tS - before.heardS > R.lost_after_s;
    if (!isGone || before.isLost) return [before, []];
    return [{ ...before, isLost: true, recent: [], sideSinceS: NaN }, [{ kind, code: codes.lost }]];
  }
  const wishes: Wish[] = before.isLost ? [{ kind, code: codes.back }] : [];
  const recent = [...before.recent, { tS, value }].filter((one) => tS - one.tS <= R.median_s);
  let state: TargetState = { ...before, heardS: tS, isLost: false, recent };
  const { target } = state;
  if (target === null || tS - state.stepSinceS < R.grace_s) return [state, wishes];
  const steady = quantile(
    recent.map((one) => one.value),
    0.5,
  );
  const side = sideOf(kind === 'hr' ? Math.round(steady) : steady, target, state.side, R);
  if (side !== state.side || Number.isNaN(state.sideSinceS)) state = { ...state, side, sideSinceS: tS };
  if (tS - state.sideSinceS < R.persists_s) return [state, wishes];
  if (side === 'within') {
    if (state.saidSide === 'within') return [state, wishes];
    const params = { [codes.value]: show(steady) };
    return [
      { ...state, saidSide: side, saidS: tS },
      [...wishes, { kind, code: `${kind}.on_target`, params }],
    ];
  }
  if (tS - state.saidS < R.repeat_s && state.saidSide === side) return [state, wishes];
  const code = `${kind}.${side === 'above' ? 'ease_off' : 'push_on'}`;
  const params = {
    [codes.value]: show(steady),
    [codes.target]: show(target[side === 'above' ? 1 : 0]),
  };
  return [{ ...state, saidSide: side, saidS: tS }, [...wishes, { kind, code, params }]];
}

function sideOf(value: number, [low, high]: Limits, side: Side, R: Rules): Side {
  // It takes more than the limit to leave the target, and the limit to be back.
  const margin = (beyond: Side, limit: number) =>
    side === beyond ? 0 : R.hysteresis + R.hysteresis_frac * limit;
  if (value > high + margin('above', high)) return 'above';
  return value < low - margin('below', low) ? 'below' : 'within';
}
