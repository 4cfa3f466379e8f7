/** Finds down-and-up cycles in one signal, causally and without fixed thresholds. */

import { smaller } from './numbers';
import tables from './tables.json';

const T = tables.cycles;

export type Extremum = { tS: number; value: number };

export type CycleEvent = {
  kind: 'descent' | 'turn' | 'counted' | 'partial' | 'top';
  start: Extremum;
  turn: Extremum;
  end: Extremum;
};

export type CycleState = {
  minRange: number;
  isDown: boolean;
  high: Extremum | null;
  leftHighS: number;
  start: Extremum | null;
  low: Extremum | null;
  isDecided: boolean;
  ranges: readonly number[];
  noise: number;
  last: readonly number[];
};

export const newCycles = (minRange: number): CycleState => ({
  minRange,
  isDown: false,
  high: null,
  leftHighS: 0,
  start: null,
  low: null,
  isDecided: false,
  ranges: [],
  noise: 0,
  last: [],
});

type Step = [CycleState, CycleEvent[]];

function typicalRange(state: CycleState): number | null {
  if (state.ranges.length === 0) return null;
  const ordered = [...state.ranges].sort((a, b) => a - b);
  const half = Math.floor(ordered.length / 2);
  const upper = ordered[half] ?? NaN;
  return ordered.length % 2 === 1 ? upper : ((ordered[half - 1] ?? NaN) + upper) / 2;
}

function hysteresisOf(state: CycleState): number {
  const typical = typicalRange(state);
  const wanted = typical === null ? state.minRange : T.hysteresis_frac * typical;
  return Math.max(wanted, T.noise_factor * state.noise, 0.5 * state.minRange);
}

/** Take one sample; its value is not NaN. */
export function cycleStep(state: CycleState, tS: number, value: number): Step {
  const here = { tS, value };
  const after = withNoise(state, value);
  if (after.high === null) return [{ ...after, high: here, leftHighS: tS }, []];
  return after.isDown ? goingDown(after, here) : goingUp(after, here, after.high);
}

/** Return what the end of the recording settles: the last top, or a cycle that was cut on the way up. */
export function finishCycles(state: CycleState): CycleEvent[] {
  const { start, low, high } = state;
  if (start === null || low === null || high === null || state.isDown) return [];
  if (state.isDecided) return [{ kind: 'top', start, turn: low, end: high }];
  const drop = start.value - low.value;
  const typical = typicalRange(state);
  const last = state.last.at(-1);
  const isRising = last !== undefined && last >= high.value - T.near_frac * hysteresisOf(state);
  if (isRising && typical !== null && drop >= T.descent_frac * typical) {
    // A range of nothing is no range to compare with.
    if (high.value - low.value >= T.cut_ascent_frac * Math.min(drop, typical === 0 ? drop : typical)) {
      return [
        { kind: 'counted', start, turn: low, end: high },
        { kind: 'top', start, turn: low, end: high },
      ];
    }
  }
  return [{ kind: 'partial', start, turn: low, end: high }];
}

function withNoise(state: CycleState, value: number): CycleState {
  // Differences over three samples see the noise and hardly the movement; outliers weigh as three times the noise.
  const last = [...state.last, value].slice(-3);
  const [first, second, third] = last;
  if (first === undefined || second === undefined || third === undefined) return { ...state, last };
  const bend = Math.abs(first - 2 * second + third) / T.second_difference;
  const capped = smaller(bend, T.noise_cap_factor * state.noise + T.noise_cap_range_frac * state.minRange);
  return { ...state, last, noise: state.noise + T.noise_share * (capped - state.noise) };
}

const remember = (ranges: readonly number[], range: number): number[] =>
  [...ranges, range].slice(-T.remembered);

function goingUp(before: CycleState, here: Extremum, top: Extremum): Step {
  const events: CycleEvent[] = [];
  let high = top;
  const hysteresis = hysteresisOf(before);
  if (here.value > high.value) {
    // A slow creep upwards does not move the time at which the top was reached.
    const sinceS = here.value - high.value > T.creep_frac * hysteresis ? here.tS : high.tS;
    high = { tS: sinceS, value: here.value };
  }
  const leftHighS = here.value >= high.value - T.near_frac * hysteresis ? here.tS : before.leftHighS;
  let state: CycleState = { ...before, high, leftHighS };
  if (state.start !== null && state.low !== null && !state.isDecided) {
    const drop = state.start.value - state.low.value;
    const typical = typicalRange(state);
    const rise = typical === null ? T.first_ascent_frac * drop : T.ascent_frac * Math.min(drop, typical);
    if (here.value >= state.low.value + rise) {
      const isFull = typical === null || drop >= T.descent_frac * typical;
      events.push({ kind: isFull ? 'counted' : 'partial', start: state.start, turn: state.low, end: high });
      state = { ...state, isDecided: true, ranges: remember(state.ranges, drop) };
    }
  }
  if (high.value - here.value < hysteresisOf(state)) return [state, events];
  if (state.start !== null && state.low !== null) {
    const kind = state.isDecided ? 'top' : 'partial';
    events.push({ kind, start: state.start, turn: state.low, end: high });
    if (!state.isDecided) {
      state = { ...state, ranges: remember(state.ranges, high.value - state.low.value) };
    }
  }
  const start = { tS: state.leftHighS, value: high.value };
  events.push({ kind: 'descent', start, turn: here, end: here });
  return [{ ...state, isDown: true, start, low: here, isDecided: false }, events];
}

function goingDown(state: CycleState, here: Extremum): Step {
  const { start, low } = state;
  if (start === null || low === null) throw new Error('A descent has a start and a low');
  if (here.value < low.value) return [{ ...state, low: here }, []];
  if (here.value - low.value < hysteresisOf(state)) return [state, []];
  const turn: CycleEvent = { kind: 'turn', start, turn: low, end: here };
  const [after, events] = goingUp({ ...state, isDown: false, high: here, leftHighS: here.tS }, here, here);
  return [after, [turn, ...events]];
}
