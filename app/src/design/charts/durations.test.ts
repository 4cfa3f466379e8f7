import { spacedDurations } from './durations';

test('only round durations within the span, none closer than the gap', () => {
  // 20 points for each doubling: 40 points are a factor of four.
  const at = (seconds: number) => 20 * Math.log2(seconds);
  expect(spacedDurations([7, 4000], at, 40)).toEqual([10, 60, 300, 1200]);
  expect(spacedDurations([61, 100], at, 40)).toEqual([]);
});
