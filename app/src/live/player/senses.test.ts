import type { Motion } from '../sensors/pods';
import { beginStep, isOnTarget, judge, locate, newSenses, recordNow, sense, sideOf } from './senses';
import {
  currentStep,
  heed,
  newWorkout,
  nextStep,
  onTargetPct,
  pause,
  resume,
  tick,
  type Workout,
  type WorkoutStep,
} from './workout';

const STEP: WorkoutStep = {
  text: 'Threshold',
  durationS: 600,
  reps: null,
  isRest: false,
  hrBpm: null,
  powerW: [230, 250],
  speedMS: null,
  cadenceRpm: [85, 95],
  rpe: null,
};

const motion = (powerW: number, cadence: number, nowMs: number): Motion => ({
  speedMS: 10,
  cadence,
  powerW,
  wayM: 10,
  fromMs: nowMs - 1000,
});

/** Ride with a power meter that says something once a second, in ticks of a quarter. */
function ride(untilS: number, said: (s: number) => readonly [number, number] | null): [Workout, string[]] {
  let workout = newWorkout({ id: 'r', owner: 'me', title: 'Ride', sport: 'cycling', steps: [STEP] }, 0);
  let senses = newSenses(currentStep(workout));
  const codes: string[] = [];
  for (let ms = 250; ms <= untilS * 1000; ms += 250) {
    [workout] = tick(workout, ms);
    const now = ms % 1000 === 0 ? said(ms / 1000) : null;
    if (now !== null) senses = sense(senses, 'powerMeter', motion(now[0], now[1], ms), true, ms);
    [senses, workout] = recordNow(senses, workout, ms);
    const [after, wishes] = judge(senses, null, workout, String, ms);
    senses = after;
    codes.push(...wishes.map((wish) => `${ms / 1000} ${wish.code}`));
  }
  return [workout, codes];
}

test('what a power meter says is recorded each second and judged by the step', () => {
  const [workout, codes] = ride(30, () => [200, 78]);
  expect(workout.samples.at(-1)).toEqual({
    ms: 30_000,
    speedMS: 10,
    cadence: 78,
    powerW: 200,
    distanceM: 300,
    place: null,
  });
  expect(codes).toEqual(['18 power.push_on', '18 cadence.push_on']);
  expect([sideOf(workout, 'power', 200), sideOf(workout, 'power', 240), sideOf(workout, 'hr', 150)]).toEqual([
    'below',
    'within',
    null,
  ]);
});

/** Let time pass in ticks of a quarter of a second, with what is measured all the while. */
function heeding(workout: Workout, untilS: number, powerW: number | null, bpm: number | null): Workout {
  let state = workout;
  for (let ms = 1000 * state.timerS + 250; ms <= 1000 * untilS; ms += 250) {
    [state] = tick(state, ms);
    state = heed(state, isOnTarget(state, bpm, { powerW, speedMS: null, cadence: null }));
  }
  return state;
}

test('time counts as on target once the body could follow, and where nothing is measured not at all', () => {
  const steps = [STEP, { ...STEP, powerW: null, cadenceRpm: null }];
  let state = newWorkout({ id: 'r', owner: 'me', title: 'Ride', sport: 'cycling', steps }, 0);
  state = heeding(state, 9.75, 100, null);
  expect(onTargetPct(state)).toBeNull();
  state = heeding(state, 40, 240, null);
  state = heeding(state, 50, 200, null);
  expect(onTargetPct(state)).toBeCloseTo((100 * 30.25) / 40.25, 6);
  // The meter is silent; then there is a step without a target.
  state = heeding(state, 60, null, 150);
  [state] = nextStep(state, 60_000);
  state = heeding(state, 90, 100, 150);
  expect(state.heeded).toEqual({ judgedS: 40.25, onTargetS: 30.25, untilS: 90 });
});

test('with two targets both have to be met, and what was kept before this was counted begins anew', () => {
  const both = { ...STEP, hrBpm: [140, 150] as const, cadenceRpm: null };
  const begun = newWorkout({ id: 'r', owner: 'me', title: 'Ride', sport: 'cycling', steps: [both] }, 0);
  let state = heeding({ ...begun, timerS: 100, stepS: 100, sinceMs: 100_000 }, 110, 240, 145);
  state = heeding(state, 120, 240, 160);
  expect(onTargetPct(state)).toBeCloseTo((100 * 9.75) / 19.75, 6);
});

test('a drop-out leaves a gap of a few seconds, is told once, and its return too', () => {
  const [workout, codes] = ride(60, (s) => (s > 20 && s < 40 ? null : [240, 90]));
  const held = workout.samples.filter(({ powerW }) => powerW === null).length;
  expect(held).toBeGreaterThanOrEqual(14);
  expect(codes).toEqual([
    '34.25 power.lost',
    '34.25 pace.lost',
    '34.25 cadence.lost',
    '40 power.back',
    '40 pace.back',
    '40 cadence.back',
  ]);
});

test('a new step asks for something else', () => {
  const senses = beginStep(newSenses(STEP), { ...STEP, powerW: null, speedMS: [3, 4] }, 0);
  expect([senses.targets.power.target, senses.targets.pace.target]).toEqual([null, [3, 4]]);
});

test('a run outdoors leaves its track; in a pause there is none and no way', () => {
  let workout = newWorkout({ id: 'o', owner: 'me', title: 'Run', sport: 'running', steps: [STEP] }, 0);
  let senses = newSenses(null);
  for (let s = 1; s <= 60; s++) {
    if (s === 21) workout = pause(workout, s * 1000);
    if (s === 41) workout = resume(workout, s * 1000);
    [workout] = tick(workout, s * 1000);
    // 3 m a second to the north; the clock of the satellites is a quarter of a second behind.
    const latitudeDeg = 50 + (3 * s) / 111_195;
    const fix = { ms: s * 1000 - 250, latitudeDeg, longitudeDeg: 8, accuracyM: 5, speedMS: 3 };
    senses = locate(senses, fix, !workout.isPaused, s * 1000);
    [senses, workout] = recordNow(senses, workout, s * 1000);
  }
  expect(workout.samples.map(({ ms }) => ms / 1000)).toEqual([...range(1, 20), ...range(41, 60)]);
  expect(workout.distanceM).toBeCloseTo(3 * (19 + 20), 6);
  expect(workout.samples.at(-1)?.place?.[0]).toBeCloseTo(50 + 180 / 111_195, 6);
});

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
