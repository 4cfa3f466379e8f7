/** What foot pods, speed and cadence sensors and power meters say, as speed, cadence, power and way; pure. */

import {
  parseCyclingPower,
  parseCyclingSpeedCadence,
  parseRunningSpeedCadence,
  type RunningSpeedCadence,
  type Turns,
} from './gatt';

export type PodKind = 'runningSpeedCadence' | 'cyclingSpeedCadence' | 'cyclingPower';

/** How somebody moves, as one source sees it; null = it does not say. */
export type Motion = {
  speedMS: number | null;
  /** Steps of both feet, or turns of the crank. [1/min] */
  cadence: number | null;
  powerW: number | null;
  /** Made since `fromMs`; a speed without a distance is none. [m] */
  wayM: number | null;
  fromMs: number;
};

export type Counter = {
  last: Turns;
  heardMs: number;
  /** When the counter last moved. */
  turnedMs: number;
  perS: number | null;
};

export type Pod = {
  wheel: Counter | null;
  crank: Counter | null;
  /** Some pods count the steps of both feet although the specification says one. */
  countsSteps: boolean;
  distanceM: number | null;
  heardMs: number | null;
};

export const newPod = (): Pod => ({
  wheel: null,
  crank: null,
  countsSteps: false,
  distanceM: null,
  heardMs: null,
});

/** Nobody reaches so many steps of one foot; the package reads files by the same limit. [1/min] */
const STEPS_NOT_STRIDES_ABOVE = 120;
const TIME_WRAP = 0x10000;
/** A wheel or crank that has not turned for so long stands. */
const STANDING_MS = 3_000;
/** Longer without a word, and nothing is known of the way. */
const LONGEST_STEP_MS = 5_000;
const FASTEST_RUN_M_S = 12.5;
const FASTEST_RIDE_M_S = 40;
const FASTEST_CRANK_PER_S = 4;
const DISTANCE_WRAP_M = 0x100000000 / 10;

const WHEEL_OF = {
  cyclingSpeedCadence: { wrap: 0x100000000, ticksPerS: 1024 },
  cyclingPower: { wrap: 0x100000000, ticksPerS: 2048 },
} as const;
const CRANK = { wrap: 0x10000, ticksPerS: 1024, fastestPerS: FASTEST_CRANK_PER_S };

/** Take a message; null for one that cannot be read. `wheelM` is the way of one turn. */
export function podStep(
  before: Pod,
  kind: PodKind,
  octets: DataView,
  wheelM: number,
  nowMs: number,
): [Pod, Motion | null] {
  if (kind === 'runningSpeedCadence') {
    const said = parseRunningSpeedCadence(octets);
    return said === null ? [before, null] : runStep(before, said, nowMs);
  }
  const power = kind === 'cyclingPower' ? parseCyclingPower(octets) : null;
  const turns = power ?? (kind === 'cyclingSpeedCadence' ? parseCyclingSpeedCadence(octets) : null);
  if (turns === null) return [before, null];
  const limits = { ...WHEEL_OF[kind], fastestPerS: FASTEST_RIDE_M_S / wheelM };
  const wheel = turns.wheel === null ? null : count(before.wheel, turns.wheel, limits, nowMs);
  const crank = turns.crank === null ? null : count(before.crank, turns.crank, CRANK, nowMs);
  const perS = wheel?.counter.perS ?? null;
  return [
    {
      ...before,
      wheel: wheel?.counter ?? before.wheel,
      crank: crank?.counter ?? before.crank,
      heardMs: nowMs,
    },
    {
      speedMS: perS === null ? null : perS * wheelM,
      cadence: crank === null || crank.counter.perS === null ? null : crank.counter.perS * 60,
      powerW: power?.powerW ?? null,
      wayM: wheel === null || wheel.turns === null ? null : wheel.turns * wheelM,
      fromMs: before.wheel?.heardMs ?? nowMs,
    },
  ];
}

function runStep(before: Pod, said: RunningSpeedCadence, nowMs: number): [Pod, Motion] {
  const { speedMS, distanceM } = said;
  const countsSteps = before.countsSteps || said.cadenceRpm > STEPS_NOT_STRIDES_ABOVE;
  const fromMs = before.heardMs ?? nowMs;
  const gapS = (nowMs - fromMs) / 1000;
  let wayM: number | null = null;
  if (distanceM !== null && before.distanceM !== null) {
    const way = (distanceM - before.distanceM + DISTANCE_WRAP_M) % DISTANCE_WRAP_M;
    // A pod that was put back to nought says nothing of the way since.
    wayM = way <= FASTEST_RUN_M_S * Math.max(gapS, 1) ? way : null;
  } else if (distanceM === null && gapS * 1000 <= LONGEST_STEP_MS) {
    wayM = speedMS * gapS;
  }
  return [
    { ...before, countsSteps, distanceM, heardMs: nowMs },
    {
      speedMS,
      cadence: countsSteps ? said.cadenceRpm : said.cadenceRpm * 2,
      powerW: null,
      wayM,
      fromMs,
    },
  ];
}

type Limits = { wrap: number; ticksPerS: number; fastestPerS: number };

/** Turns since the message before, null where that cannot be known: the first one, or another counter. */
function count(
  before: Counter | null,
  now: Turns,
  { wrap, ticksPerS, fastestPerS }: Limits,
  nowMs: number,
): { counter: Counter; turns: number | null } {
  const fresh: Counter = { last: now, heardMs: nowMs, turnedMs: nowMs, perS: null };
  if (before === null) return { counter: fresh, turns: null };
  const turns = (now.turns - before.last.turns + wrap) % wrap;
  const ticks = (now.timeTicks - before.last.timeTicks + TIME_WRAP) % TIME_WRAP;
  if (turns === 0) {
    const stands = nowMs - before.turnedMs >= STANDING_MS;
    const last = { ...before.last, timeTicks: now.timeTicks };
    return {
      counter: { ...before, last, heardMs: nowMs, perS: stands ? 0 : before.perS },
      turns: 0,
    };
  }
  const gapS = (nowMs - before.turnedMs) / 1000;
  if (turns > fastestPerS * (gapS + 1)) return { counter: fresh, turns: null };
  // After so long the clock of the sensor may have rolled over more than once: turns are sure, their time is not.
  const isTimed = ticks > 0 && gapS < TIME_WRAP / ticksPerS / 2;
  const perS = isTimed ? (turns * ticksPerS) / ticks : null;
  return { counter: { ...fresh, perS: perS !== null && perS <= fastestPerS ? perS : null }, turns };
}
