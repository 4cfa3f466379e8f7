/// <reference types="node" />
import { fitFile } from './fit';
import {
  beat,
  correctSet,
  finish,
  lap,
  lapCount,
  newWorkout,
  nextStep,
  pause,
  record,
  restored,
  resume,
  setDone,
  tick,
  wantsSample,
  type LiveSet,
  type Workout,
  type WorkoutEvent,
  type WorkoutStep,
} from './workout';

const START_MS = Date.UTC(2026, 10, 22, 12, 0, 0);

const step = (durationS: number, reps: number | null = null): WorkoutStep => ({
  text: reps === null ? 'Easy' : 'Push-ups',
  durationS,
  reps,
  isRest: false,
  hrBpm: reps === null ? [140, 150] : null,
  powerW: null,
  speedMS: null,
  cadenceRpm: null,
  rpe: null,
});

const begun = (steps: WorkoutStep[]): Workout =>
  newWorkout({ id: 'w-1', owner: 'me', title: 'Intervals', sport: 'running', steps }, START_MS);

function through(state: Workout, fromS: number, untilS: number, everyS = 0.25): [Workout, WorkoutEvent[]] {
  const events: WorkoutEvent[] = [];
  for (let s = fromS + everyS; s <= untilS; s += everyS) {
    const [after, told] = tick(state, START_MS + s * 1000);
    state = after;
    events.push(...told);
  }
  return [state, events];
}

test('steps follow each other with a countdown, and each leaves a lap', () => {
  const [state, events] = through(begun([step(10), step(5)]), 0, 20);
  expect(events).toEqual([
    { kind: 'countdown', seconds: 3 },
    { kind: 'countdown', seconds: 2 },
    { kind: 'countdown', seconds: 1 },
    { kind: 'step', index: 1 },
    { kind: 'countdown', seconds: 3 },
    { kind: 'countdown', seconds: 2 },
    { kind: 'countdown', seconds: 1 },
    { kind: 'done' },
  ]);
  expect(state.isDone).toBe(true);
  expect(state.laps.map((one) => one.timerS)).toEqual([10, 5]);
});

test('the lap under way counts, so that the end changes no number', () => {
  const fresh = begun([step(60)]);
  expect(lapCount(fresh)).toBe(0);
  const [running] = tick(fresh, START_MS + 10_000);
  const [again] = tick(lap(running, START_MS + 10_000), START_MS + 20_000);
  expect([running, finish(running, START_MS + 10_000), again].map(lapCount)).toEqual([1, 1, 2]);
  expect(lapCount(finish(again, START_MS + 20_000))).toBe(2);
});

test('a pause stops the clock, a skip ends the step, a lap ends nothing', () => {
  let [state] = through(begun([step(60), step(60)]), 0, 10);
  state = pause(state, START_MS + 10_000);
  [state] = through(state, 10, 40);
  state = resume(state, START_MS + 40_000);
  [state] = through(state, 40, 45);
  expect([state.timerS, state.stepS]).toEqual([15, 15]);
  expect(state.pauses).toEqual([{ fromMs: START_MS + 10_000, toMs: START_MS + 40_000 }]);
  state = lap(state, START_MS + 45_000);
  expect(state.index).toBe(0);
  [state] = nextStep(tick(state, START_MS + 47_000)[0], START_MS + 47_000);
  expect(state.index).toBe(1);
  expect(state.laps.map((one) => one.timerS)).toEqual([15, 2]);
});

test('after a crash nothing is lost and the time in between does not count', () => {
  let [state] = through(begun([step(60)]), 0, 20);
  state = beat(state, 151, [400], START_MS + 20_000);
  const back = restored(JSON.parse(JSON.stringify(state)) as Workout);
  expect(back).toEqual({ ...state, isPaused: true });
  const going = resume(back, START_MS + 3_600_000);
  const [after] = tick(going, START_MS + 3_601_000);
  expect(after.timerS).toBe(21);
});

test('a set waits for the athlete, and what was lifted is kept', () => {
  let [state] = through(begun([step(40, 12), step(30), step(40, 12)]), 0, 90);
  expect(state.index).toBe(0);
  [state] = setDone(state, 11, 20, START_MS + 90_000);
  expect(state.index).toBe(1);
  expect(state.sets).toEqual([
    { startMs: START_MS, endMs: START_MS + 90_000, reps: 11, massKg: 20, text: 'Push-ups' },
  ]);
  [state] = through(state, 90, 121);
  expect(state.index).toBe(2);
});

test('one sample a second is kept, none in a pause, and the way adds up', () => {
  let state = begun([step(600)]);
  const measure = (s: number, wayM: number | null, powerW: number | null) => {
    const nowMs = START_MS + s * 1000;
    if (wantsSample(state, nowMs))
      state = record(state, { speedMS: null, cadence: null, powerW }, wayM, nowMs);
  };
  measure(0, null, null);
  measure(1, 3, 200);
  measure(1.25, 3, 999);
  measure(2, 4, null);
  state = pause(state, START_MS + 2_500);
  measure(3, 5, 999);
  state = resume(state, START_MS + 9_000);
  measure(9.5, null, 220);
  expect(
    state.samples.map(({ ms, powerW, distanceM }) => [(ms - START_MS) / 1000, powerW, distanceM]),
  ).toEqual([
    [1, 200, 3],
    [2, null, 7],
    [9.5, 220, 7],
  ]);
});

/** The checksum of the FIT protocol bit by bit, as CRC-16/ARC. */
function checksum(octets: Uint8Array): number {
  let crc = 0;
  for (const octet of octets) {
    crc ^= octet;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

test('the file is whole: sizes and checksums are those of its octets', () => {
  let [state] = through(begun([step(5)]), 0, 3);
  state = finish(beat(state, 162, [370, 371], START_MS + 3_000), START_MS + 4_000);
  const file = fitFile(state, -60);
  const view = new DataView(file.buffer);
  expect(Buffer.from(file.subarray(8, 12)).toString()).toBe('.FIT');
  expect(view.getUint32(4, true)).toBe(file.length - 16);
  expect(view.getUint16(12, true)).toBe(checksum(file.subarray(0, 12)));
  expect(view.getUint16(file.length - 2, true)).toBe(checksum(file.subarray(0, -2)));
});

/** What the messages of a number hold: definitions are read as the FIT protocol lays them out. */
function messages(file: Uint8Array, wanted: number): Record<number, number>[] {
  const view = new DataView(file.buffer);
  const layouts = new Map<number, { message: number; fields: [number, number, number][] }>();
  const found: Record<number, number>[] = [];
  const read = (at: number, size: number, base: number): number => {
    if (size === 1) return view.getUint8(at);
    if (size === 2) return view.getUint16(at, true);
    return base === 0x85 ? view.getInt32(at, true) : view.getUint32(at, true);
  };
  for (let at = 14; at < file.length - 2;) {
    const header = view.getUint8(at++);
    if (header & 0x40) {
      const message = view.getUint16(at + 2, true);
      const count = view.getUint8(at + 4);
      const fields = Array.from({ length: count }, (_, i): [number, number, number] => {
        const place = at + 5 + 3 * i;
        return [view.getUint8(place), view.getUint8(place + 1), view.getUint8(place + 2)];
      });
      layouts.set(header & 15, { message, fields });
      at += 5 + 3 * count;
      continue;
    }
    const { message, fields } = layouts.get(header) ?? { message: -1, fields: [] };
    const values: Record<number, number> = {};
    for (const [number, size, base] of fields) {
      values[number] = read(at, size, base);
      at += size;
    }
    if (message === wanted) found.push(values);
  }
  return found;
}

test('what the sensors said is in the records of the file, in the units of FIT', () => {
  let state = begun([step(600)]);
  state = beat(state, 150, [], START_MS + 1_100);
  const place = [-33.8568, 151.2153] as const;
  state = record(state, { speedMS: 3.5, cadence: 175, powerW: null, place }, 3.5, START_MS + 1_500);
  state = record(state, { speedMS: null, cadence: null, powerW: 240 }, null, START_MS + 2_500);
  const [first, second] = messages(fitFile(finish(state, START_MS + 3_000), 0), 20);
  // Steps of one foot with their fraction in 1/128, distance in cm, speed in mm/s; 0xff... = nothing.
  expect(first).toMatchObject({ 3: 150, 4: 87, 53: 64, 5: 350, 6: 3500, 7: 0xffff });
  // Sydney: -33.8568 / 180 * 2^31 and 151.2153 / 180 * 2^31.
  expect(first).toMatchObject({ 0: -403_927_358, 1: 1_804_068_800 });
  expect(second).toMatchObject({ 0: 0x7fffffff, 3: 0xff, 4: 0xff, 53: 0xff, 5: 350, 6: 0xffff, 7: 240 });
  expect((second?.[253] ?? 0) - (first?.[253] ?? 0)).toBe(1);
  const [session] = messages(fitFile(finish(state, START_MS + 3_000), 0), 18);
  expect(session).toMatchObject({ 9: 350, 16: 150, 17: 150, 20: 240, 21: 240 });
});

test('an open step goes on until it is ended', () => {
  const open: WorkoutStep = { ...step(0), isOpen: true };
  const [state, events] = through(begun([open]), 0, 600, 30);
  expect([state.timerS, state.isDone, events]).toEqual([600, false, []]);
  expect(finish(state, START_MS + 601_000).laps.map((one) => one.timerS)).toEqual([601]);
});

test('what the camera saw stays with its set, and the number can be put right in the rest', () => {
  const seen: LiveSet = { exercise: 'push_up', duration_s: 20, frames: 300, poses_found: 290, reps: [] };
  const [ticked] = tick(begun([step(10, 8), step(60), step(10, 8)]), START_MS + 20_000);
  const [first] = setDone(ticked, 9, null, START_MS + 20_000, seen);
  expect(first.index).toBe(1);
  const corrected = correctSet(first, 8);
  expect(corrected.sets).toEqual([
    { startMs: START_MS, endMs: START_MS + 20_000, reps: 8, massKg: null, text: 'Push-ups', seen },
  ]);
  const [rested] = nextStep(corrected, START_MS + 80_000);
  const [second] = setDone(rested, 7, null, START_MS + 100_000);
  expect(correctSet(second, 6).sets.map(({ reps, seen: kept }) => [reps, kept?.frames])).toEqual([
    [8, 300],
    [6, undefined],
  ]);
  expect(correctSet(begun([step(10)]), 3).sets).toEqual([]);
});
