import { parseHeartRate } from '../sensors/gatt';
import { DURATION_S, hear, newCheck, normal, resultOf, rmssdMs, secondsLeft, type HrvCheck } from './check';

/** What a strap sends: 16-bit rate, contact, and intervals in 1/1024 s. */
function reading(...rrMs: number[]) {
  const ticks = rrMs.map((rr) => Math.round((rr / 1000) * 1024));
  const octets = [0x17, 60, 0, ...ticks.flatMap((tick) => [tick & 255, tick >> 8])];
  const parsed = parseHeartRate(new DataView(Uint8Array.from(octets).buffer));
  if (parsed === null) throw new Error('The bytes are whole');
  return parsed;
}

/** A strap worn for two minutes, in steps of a beat; `null` = nothing is told of that beat. */
function lying(rrOf: (beat: number) => number | null): [HrvCheck, number] {
  let check = newCheck(0);
  let nowMs = 0;
  for (let beat = 0; nowMs < DURATION_S * 1000; beat++) {
    const rr = rrOf(beat);
    nowMs += rr ?? 1000;
    if (rr !== null) check = hear(check, reading(rr), nowMs);
  }
  return [check, nowMs];
}

test('the root mean square of differences is that of a series worked out by hand', () => {
  const rr = [812, 830, 825, 790, 805, 840, 822, 810];
  expect(
    rmssdMs(
      rr,
      rr.map(() => true),
    ),
  ).toBeCloseTo(22.335, 3);
});

test('a missed beat, an extra one and a pause are rejected as the package rejects them', () => {
  const rr = [
    812, 830, 825, 790, 805, 840, 822, 810, 795, 1300, 820, 835, 400, 812, 808, 2500, 815, 825, 799, 811, 822,
    834, 806, 790, 801, 819, 840, 833,
  ];
  const counts = normal(rr);
  expect(counts.flatMap((counted, i) => (counted ? [] : [i]))).toEqual([9, 12, 15]);
  expect(rmssdMs(rr, counts)).toBeCloseTo(18.4107, 4);
});

test('two calm minutes are measured', () => {
  const [check, nowMs] = lying((beat) => (beat % 2 === 0 ? 1000 : 1040));
  const result = resultOf(check, nowMs);
  expect(result).toMatchObject({ kind: 'measured', artefactFrac: 0 });
  if (result.kind !== 'measured') return;
  expect(result.rmssdMs).toBeCloseTo(40, 0);
  expect(result.lnRmssd).toBeCloseTo(Math.log(40), 2);
  expect(result.hrBpm).toBeCloseTo(60_000 / 1020, 1);
  expect(secondsLeft(check, 30_000)).toBe(90);
});

test('beats that were not told count against it, and no difference is formed across them', () => {
  const few = lying((beat) => (beat === 50 || beat === 51 ? null : beat % 2 === 0 ? 1000 : 1040));
  expect(resultOf(...few)).toMatchObject({ kind: 'measured' });
  const [check, nowMs] = lying((beat) => (beat >= 40 && beat < 60 ? null : 1000));
  const result = resultOf(check, nowMs);
  expect(result).toMatchObject({ kind: 'unmeasured', reason: 'artefacts' });
  expect(result.artefactFrac).toBeCloseTo(20 / 120, 1);
  expect(check.rrMs.filter(Number.isNaN)).toHaveLength(1);
});

test('a strap without intervals, or off the skin, measures nothing', () => {
  let check = newCheck(0);
  for (let s = 1; s <= DURATION_S; s++) {
    check = hear(check, { bpm: 60, contact: null, energyKj: null, rrMs: [] }, s * 1000);
  }
  expect(resultOf(check, DURATION_S * 1000)).toEqual({
    kind: 'unmeasured',
    reason: 'no_intervals',
    artefactFrac: null,
  });
  expect(resultOf(...lying(() => 1000))).toMatchObject({ kind: 'unmeasured', reason: 'averaged' });
  const off = hear(newCheck(0), { bpm: 60, contact: false, energyKj: null, rrMs: [1000] }, 1000);
  expect(off.rrMs).toEqual([NaN]);
});
