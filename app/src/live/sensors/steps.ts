/** Step cadence out of the accelerations of a phone that is carried; pure. */

/** Length of the acceleration with gravity. [m/s^2] */
export type Shake = { ms: number; acceleration: number };

export type Steps = {
  recent: readonly Shake[];
  judgedMs: number;
};

export const newSteps = (): Steps => ({ recent: [], judgedMs: -Infinity });

const WINDOW_MS = 6_000;
const LEAST_MS = 4_000;
const JUDGE_EVERY_MS = 1_000;
/** The signal is laid on an even grid: events come as the device likes. */
const GRID_HZ = 50;
const LONGEST_HOLE_MS = 250;
/** From a slow walk to a sprint. [1/min] */
const CADENCES = [75, 230] as const;
/** Weaker is somebody who stands. [m/s^2] */
const LEAST_SD = 0.7;
/** How alike one step and the next must be, of 1. */
const LEAST_LIKENESS = 0.45;
/** A phone on one side of the body feels every other step more: two steps are then more alike than one and the next. */
const SHARE_OF_BEST = 0.6;

/** Take an acceleration; a cadence once a second, null where the signal shows none, undefined in between. */
export function stepsStep(before: Steps, shake: Shake): [Steps, number | null | undefined] {
  if (shake.ms <= (before.recent.at(-1)?.ms ?? -Infinity)) return [before, undefined];
  const recent = [...before.recent.filter(({ ms }) => shake.ms - ms <= WINDOW_MS), shake];
  if (shake.ms - before.judgedMs < JUDGE_EVERY_MS) return [{ ...before, recent }, undefined];
  return [{ recent, judgedMs: shake.ms }, cadenceOf(recent)];
}

/** Steps a minute; null where there is no even step. */
export function cadenceOf(shakes: readonly Shake[]): number | null {
  const even = evenly(shakes);
  if (even === null) return null;
  const mean = even.reduce((sum, one) => sum + one, 0) / even.length;
  const signal = even.map((one) => one - mean);
  const variance = signal.reduce((sum, one) => sum + one * one, 0) / signal.length;
  if (Math.sqrt(variance) < LEAST_SD) return null;
  const [first, last] = [CADENCES[1], CADENCES[0]].map((cadence) => Math.round((60 * GRID_HZ) / cadence));
  const alike = (lag: number): number => {
    let sum = 0;
    for (let i = lag; i < signal.length; i++) sum += (signal[i] ?? 0) * (signal[i - lag] ?? 0);
    return sum / (signal.length - lag) / variance;
  };
  const likeness = new Map<number, number>();
  for (let lag = (first ?? 0) - 1; lag <= (last ?? 0) + 1; lag++) likeness.set(lag, alike(lag));
  const at = (lag: number): number => likeness.get(lag) ?? -1;
  const peaks = [...likeness.keys()].filter(
    (lag) =>
      likeness.has(lag - 1) && likeness.has(lag + 1) && at(lag) >= at(lag - 1) && at(lag) > at(lag + 1),
  );
  const best = Math.max(-1, ...peaks.map(at));
  if (best < LEAST_LIKENESS) return null;
  const step = peaks.find((lag) => at(lag) >= Math.max(LEAST_LIKENESS, SHARE_OF_BEST * best));
  if (step === undefined) return null;
  // The top of the parabola through the peak and its neighbours.
  const bend = at(step - 1) - 2 * at(step) + at(step + 1);
  const shift = bend === 0 ? 0 : (at(step - 1) - at(step + 1)) / (2 * bend);
  return (60 * GRID_HZ) / (step + shift);
}

function evenly(shakes: readonly Shake[]): number[] | null {
  const [first, last] = [shakes[0], shakes.at(-1)];
  if (first === undefined || last === undefined || last.ms - first.ms < LEAST_MS) return null;
  const even: number[] = [];
  let place = 0;
  for (let ms = first.ms; ms <= last.ms; ms += 1000 / GRID_HZ) {
    while ((shakes[place + 1]?.ms ?? Infinity) < ms) place++;
    const [left, right] = [shakes[place], shakes[place + 1]];
    if (left === undefined || right === undefined) break;
    if (right.ms - left.ms > LONGEST_HOLE_MS) return null;
    even.push(
      left.acceleration + ((right.acceleration - left.acceleration) * (ms - left.ms)) / (right.ms - left.ms),
    );
  }
  return even;
}
