import { cadenceOf, newSteps, stepsStep, type Shake } from './steps';

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648 - 0.5;
  };
}

/** A phone that feels a blow at each step, every other one more, and noise, at times that are not even. */
function carried(
  cadence: number,
  { hz = 60, seconds = 6, blow = 4, uneven = 0.3, noise = 1.5, seed = 5 } = {},
): Shake[] {
  const deviate = random(seed);
  return Array.from({ length: hz * seconds }, (_, i) => {
    const ms = (i + 0.4 * deviate()) * (1000 / hz);
    const turn = (2 * Math.PI * cadence * ms) / 60_000;
    const side = 1 + uneven * Math.cos(turn / 2);
    const acceleration =
      9.81 + blow * side * (Math.sin(turn) + 0.5 * Math.sin(2 * turn + 1)) + noise * deviate();
    return { ms, acceleration };
  });
}

test.each([85, 110, 130, 150, 165, 172, 180, 190, 205, 220])('%d steps a minute', (cadence) => {
  for (const hz of [25, 60, 100]) {
    for (const uneven of [0, 0.3, 0.6]) {
      const found = cadenceOf(carried(cadence, { hz, uneven }));
      expect(Math.abs((found ?? NaN) - cadence)).toBeLessThan(2);
    }
  }
});

test('a gentle walk with the phone in a soft pocket is counted too', () => {
  expect(Math.abs((cadenceOf(carried(105, { blow: 1.4, noise: 0.8 })) ?? NaN) - 105)).toBeLessThan(2);
});

test('no steps, no cadence: standing, shaking without a rhythm, and too short a while', () => {
  expect(cadenceOf(carried(170, { blow: 0, noise: 0.6 }))).toBeNull();
  expect(cadenceOf(carried(170, { blow: 0, noise: 12 }))).toBeNull();
  expect(cadenceOf(carried(170, { seconds: 3 }))).toBeNull();
  expect(cadenceOf([])).toBeNull();
});

test('a hole in the signal is not bridged', () => {
  const holed = carried(170).filter(({ ms }) => ms < 2_000 || ms > 2_600);
  expect(cadenceOf(holed)).toBeNull();
});

test('it is told once a second, follows a change within the window, and takes no event twice', () => {
  const slow = carried(160, { seconds: 10 });
  const fast = carried(184, { seconds: 10 }).map((one) => ({ ...one, ms: one.ms + 10_000 }));
  let steps = newSteps();
  const told: [number, number | null][] = [];
  for (const shake of [...slow, slow.at(-1) as Shake, ...fast]) {
    const [after, cadence] = stepsStep(steps, shake);
    steps = after;
    if (cadence !== undefined) told.push([shake.ms / 1000, cadence]);
  }
  expect(told.length).toBeGreaterThanOrEqual(18);
  expect(told.length).toBeLessThanOrEqual(20);
  const at = (s: number) => told.find(([tS]) => tS >= s)?.[1] ?? NaN;
  expect(Math.abs(at(9) - 160)).toBeLessThan(2);
  expect(Math.abs(at(17) - 184)).toBeLessThan(2);
});
