import { fresh, newFused, take, takeWay, type Fused, type Source } from './fused';
import type { Motion } from './pods';

const said = (wayM: number, fromS: number, speedMS = 3): Motion => ({
  speedMS,
  cadence: null,
  powerW: null,
  wayM,
  fromMs: fromS * 1000,
});

function after(heard: readonly [Source, Motion, number][], isCounting = true): Fused {
  return heard.reduce(
    (fused, [source, motion, tS]) => take(fused, source, motion, isCounting, tS * 1000),
    newFused(),
  );
}

test('the better source counts while it speaks, and the other when it is silent', () => {
  let fused = after([
    ['footPod', said(3, 0, 3), 1],
    ['gps', said(9, 0, 9), 2],
  ]);
  expect(fresh(fused, 'speedMS', 2_000)).toBe(3);
  expect(fresh(fused, 'speedMS', 5_001)).toBeNull();
  fused = take(fused, 'gps', said(8, 5, 4), true, 7_000);
  expect(fresh(fused, 'speedMS', 7_000)).toBe(4);
  expect(takeWay(fused)[1]).toBe(11);
});

test('a wheel that comes back with the way of a drop-out counts no stretch for the second time', () => {
  // Ten seconds of 30 m in which the satellites counted the last five.
  const shared = after([
    ['bikeSensor', said(3, 0), 1],
    ['gps', said(15, 6), 11],
    ['bikeSensor', said(33, 1), 12],
  ]);
  expect(takeWay(shared)[1]).toBeCloseTo(3 + 15 + 3, 9);
  const alone = after([
    ['bikeSensor', said(3, 0), 1],
    ['bikeSensor', said(33, 1), 12],
  ]);
  expect(takeWay(alone)[1]).toBe(36);
});

test('in a pause no way is made, and none of it is made up for', () => {
  let fused = after([['bikeSensor', said(3, 0), 1]]);
  fused = takeWay(fused)[0];
  fused = take(fused, 'bikeSensor', said(60, 1), false, 21_000);
  fused = take(fused, 'bikeSensor', said(6, 20), true, 22_000);
  expect(takeWay(fused)[1]).toBeCloseTo(3, 9);
});

test('without a source that tells one there is no way', () => {
  expect(takeWay(newFused())[1]).toBeNull();
});
