import {
  breakAtJumps,
  extentOf,
  longestStep,
  nearestIndex,
  observedFraction,
  smooth,
  spread,
  thin,
} from './series';

test('the nearest sample, at and beyond the ends', () => {
  expect(nearestIndex([0, 10, 30], 19)).toBe(1);
  expect(nearestIndex([0, 10, 30], 21)).toBe(2);
  expect(nearestIndex([0, 10, 30], 99)).toBe(2);
  expect(nearestIndex([], 1)).toBe(-1);
});

test('moments are spread over all samples, the first and the last among them', () => {
  expect(spread(101, 5)).toEqual([0, 25, 50, 75, 100]);
  expect(spread(3, 5)).toEqual([0, 1, 2]);
  expect(spread(1, 5)).toEqual([0]);
  expect(spread(0, 5)).toEqual([]);
});

test('missing is not zero', () => {
  expect(extentOf([null, 3, null, 7])).toEqual([3, 7]);
  expect(extentOf([null])).toBeNull();
  expect(observedFraction([null, 0, 1, null])).toBe(0.5);
});

test('thinning keeps the peak, the trough and the gap', () => {
  const axis = Array.from({ length: 1000 }, (_, index) => index);
  const values: (number | null)[] = axis.map(() => 100);
  values[501] = 900;
  values[502] = 5;
  values[503] = null;
  const thinned = thin(axis, values, 20);
  expect(thinned.values).toContain(900);
  expect(thinned.values).toContain(5);
  expect(thinned.values).toContain(null);
  expect(thinned.axis.length).toBeLessThanOrEqual(60);
  expect([...thinned.axis]).toEqual([...thinned.axis].sort((a, b) => a - b));
});

test('a short series is left as it is', () => {
  expect(thin([1, 2], [3, null], 50)).toEqual({ axis: [1, 2], values: [3, null] });
});

test('a pause becomes a gap, smart recording does not', () => {
  const axis = [0, 1, 2, 3, 4, 5, 6, 100, 101, 102];
  const broken = breakAtJumps(
    axis,
    axis.map(() => 1),
    longestStep(axis, 15),
  );
  expect(broken.values.filter((value) => value === null)).toHaveLength(1);
  const smart = [0, 7, 13, 22, 30, 41];
  expect(breakAtJumps(smart, smart, longestStep(smart, 15)).values).not.toContain(null);
});

test('a constant stays constant under smoothing, gaps stay gaps', () => {
  expect(smooth([0, 1, 2, 3], [5, 5, null, 5], 4)).toEqual([5, 5, null, 5]);
  expect(smooth([0, 1, 2], [0, 3, 6], 2)).toEqual([1.5, 3, 4.5]);
});
