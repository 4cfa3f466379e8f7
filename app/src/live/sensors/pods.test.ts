import { newPod, podStep, type Motion, type PodKind } from './pods';

const WHEEL_M = 2.1;
const bytes = (values: readonly number[]) => new DataView(Uint8Array.from(values).buffer);

/** What is said of messages, each with its time. [s] */
function heard(
  kind: PodKind,
  messages: readonly (readonly [number, readonly number[]])[],
): (Motion | null)[] {
  let pod = newPod();
  return messages.map(([tS, octets]) => {
    const [after, motion] = podStep(pod, kind, bytes(octets), WHEEL_M, tS * 1000);
    pod = after;
    return motion;
  });
}

test('wheel and crank counters that roll over', () => {
  const [first, second] = heard('cyclingSpeedCadence', [
    [0, [0x03, 0xff, 0xff, 0xff, 0xff, 0, 0xfc, 0xff, 0xff, 0, 0xfc]],
    [1, [0x03, 3, 0, 0, 0, 0, 0, 1, 0, 0, 0]],
  ]);
  expect(first).toEqual({ speedMS: null, cadence: null, powerW: null, wayM: null, fromMs: 0 });
  // Four turns of the wheel and two of the crank in 1024 ticks, one second.
  expect(second?.speedMS).toBeCloseTo(8.4, 9);
  expect(second?.wayM).toBeCloseTo(8.4, 9);
  expect(second?.cadence).toBe(120);
});

test('a power meter counts its wheel in 1/2048 s and its crank in 1/1024 s', () => {
  const [, second] = heard('cyclingPower', [
    [0, [0x30, 0, 0xc8, 0, 10, 0, 0, 0, 0, 0, 5, 0, 0, 0]],
    [1, [0x30, 0, 0xfa, 0, 14, 0, 0, 0, 0, 8, 6, 0, 0, 2]],
  ]);
  // Four turns in 2048 ticks = 1 s; one turn of the crank in 512 ticks = 0.5 s.
  expect(second?.speedMS).toBeCloseTo(8.4, 9);
  expect(second?.cadence).toBe(120);
  expect(second?.powerW).toBe(250);
});

test('a crank that is not turned repeats its last event: its rate holds, then it stands', () => {
  const turning = [0x02, 5, 0, 0, 4];
  const said = heard('cyclingSpeedCadence', [
    [0, [0x02, 4, 0, 0, 0]],
    [1, turning],
    [2, turning],
    [3, turning],
    [4, turning],
    [5, [0x02, 6, 0, 0, 20]],
  ]);
  expect(said.map((one) => one?.cadence)).toEqual([null, 60, 60, 60, 0, 15]);
});

test('after a drop-out the way is known by the turns, and the speed only while the clock of the sensor is sure', () => {
  const ridden = (gapS: number, turns: number) =>
    heard('cyclingSpeedCadence', [
      [0, [0x01, 0, 0, 0, 0, 0, 0]],
      [gapS, [0x01, turns, 0, 0, 0, 0, 0x50]],
    ])[1];
  // 80 turns in 20480 ticks = 20 s.
  expect(ridden(20, 80)?.speedMS).toBeCloseTo(8.4, 9);
  expect(ridden(20, 80)?.wayM).toBeCloseTo(168, 9);
  // 84 s: the clock, which rolls over each 64 s, says 20.
  expect(ridden(84, 200)?.speedMS).toBeNull();
  expect(ridden(84, 200)?.wayM).toBeCloseTo(420, 9);
});

test('a counter that was put back is begun again', () => {
  const said = heard('cyclingSpeedCadence', [
    [0, [0x01, 0, 0x10, 0, 0, 0, 0]],
    [1, [0x01, 0, 0, 0, 0, 0, 4]],
    [2, [0x01, 4, 0, 0, 0, 0, 8]],
  ]);
  expect(said[1]?.speedMS).toBeNull();
  expect(said[1]?.wayM).toBeNull();
  expect(said[2]?.speedMS).toBeCloseTo(8.4, 9);
});

test('a foot pod says strides, which are two steps; one that says steps is believed', () => {
  const pod = (cadence: number) => [0x00, 0x80, 0x03, cadence];
  expect(heard('runningSpeedCadence', [[0, pod(88)]])[0]?.cadence).toBe(176);
  const steps = heard('runningSpeedCadence', [
    [0, pod(172)],
    [1, pod(110)],
  ]);
  expect(steps.map((one) => one?.cadence)).toEqual([172, 110]);
});

test('the way of a foot pod is its distance, which may be put back, or its speed times the time', () => {
  // 3.5 m/s = 0x0380 / 256; distance in 1/10 m.
  const far = (dm: number) => [0x02, 0x80, 0x03, 88, dm & 255, dm >> 8, 0, 0];
  const told = heard('runningSpeedCadence', [
    [0, far(10_000)],
    [2, far(10_072)],
    [3, far(0)],
    [4, far(35)],
  ]);
  expect(told.map((one) => one?.wayM)).toEqual([null, expect.closeTo(7.2, 6), null, expect.closeTo(3.5, 6)]);
  const untold = heard('runningSpeedCadence', [
    [0, [0, 0x80, 0x03, 88]],
    [2, [0, 0x80, 0x03, 88]],
    [60, [0, 0x80, 0x03, 88]],
  ]);
  expect(untold.map((one) => one?.wayM)).toEqual([0, 7, null]);
});

test('what ends too early changes nothing', () => {
  const pod = newPod();
  expect(podStep(pod, 'cyclingPower', bytes([0x20, 0, 200]), WHEEL_M, 0)).toEqual([pod, null]);
  expect(podStep(pod, 'runningSpeedCadence', bytes([0]), WHEEL_M, 0)).toEqual([pod, null]);
});
