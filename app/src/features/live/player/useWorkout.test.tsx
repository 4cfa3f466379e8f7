import { act, type ReactNode, useEffect } from 'react';

import type { Fix } from '@/live/sensors/gps';
import { newWorkout, type Workout, type WorkoutStep } from '@/live/player/workout';

import { useWorkout } from './useWorkout';

type Root = { render: (what: ReactNode) => void; unmount: () => void };
const { createRoot } = jest.requireActual<{ createRoot: (where: Element) => Root }>('react-dom/client');

const STARTED_MS = Date.UTC(2026, 5, 1, 10);
const SPEED_MS = 3;
const M_PER_DEGREE = 111_195;
const RUN: WorkoutStep = {
  text: 'Steady',
  durationS: 300,
  reps: null,
  isRest: false,
  hrBpm: null,
  powerW: null,
  speedMS: null,
  cadenceRpm: null,
  rpe: null,
};
const BEGUN = newWorkout(
  {
    id: 'run',
    owner: 'me',
    title: 'Run',
    sport: 'running',
    steps: [RUN, { ...RUN, text: 'Again', durationS: 600 }],
  },
  STARTED_MS,
);

type Play = ReturnType<typeof useWorkout>;

function Probe({ begun, onPlay }: { begun: Workout; onPlay: (play: Play) => void }) {
  const play = useWorkout(begun, 'en', String);
  useEffect(() => {
    onPlay(play);
  });
  return null;
}

/** Due north; the satellites' clock is a minute ahead of the phone's. */
const fixAt = (s: number): Fix => ({
  ms: STARTED_MS + 1000 * s + 60_000,
  latitudeDeg: 47 + (SPEED_MS * s) / M_PER_DEGREE,
  longitudeDeg: 8,
  accuracyM: 5,
  speedMS: SPEED_MS,
});

beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  jest.useFakeTimers({ now: STARTED_MS });
});
afterEach(() => jest.useRealTimers());

test('with the screen off no timer fires, and positions that come by the dozen keep clock, steps and route whole', () => {
  const root = createRoot(document.body.appendChild(document.createElement('div')));
  let play!: Play;
  act(() => root.render(<Probe begun={BEGUN} onPlay={(now) => void (play = now)} />));
  for (let until = 12; until <= 480; until += 12) {
    // The clock of the phone runs, its timers do not.
    jest.setSystemTime(STARTED_MS + 1000 * until);
    act(() => {
      for (let s = until - 11; s <= until; s++) play.onFix(fixAt(s), STARTED_MS + 1000 * s);
    });
  }
  const { workout } = play;
  expect([workout.isPaused, workout.timerS, workout.index, workout.stepS]).toEqual([false, 480, 1, 180]);
  expect(workout.laps.map(({ timerS }) => timerS)).toEqual([300]);
  const seconds = workout.samples.map(({ ms }) => (ms - STARTED_MS) / 1000);
  expect(seconds).toEqual(Array.from({ length: 480 }, (_, i) => i + 1));
  expect(workout.samples.filter(({ place }) => place === null)).toEqual([]);
  expect(workout.samples.at(-1)?.place?.[0]).toBeCloseTo(fixAt(480).latitudeDeg, 5);
  expect(workout.distanceM).toBeCloseTo(SPEED_MS * 479, 3);
  act(() => root.unmount());
});

test('a pause takes away what was said of the step, and is said, as is its end', () => {
  const root = createRoot(document.body.appendChild(document.createElement('div')));
  let play!: Play;
  act(() => root.render(<Probe begun={BEGUN} onPlay={(now) => void (play = now)} />));
  const captions: (string | undefined)[] = [];
  const at = (s: number, press: () => void) => {
    jest.setSystemTime(STARTED_MS + 1000 * s);
    act(press);
    captions.push(play.caption?.text);
  };
  at(20, () => play.skip());
  at(30, () => play.pause());
  at(50, () => play.resume());
  at(60, () => play.skip());
  expect(captions).toEqual(['Again', 'Paused.', 'Go on.', 'Workout done. Well trained.']);
  act(() => root.unmount());
});
