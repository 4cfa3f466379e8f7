import { routeOf } from './track';
import type { Sample } from './workout';

const at = (s: number, isPlaced = true): Sample => ({
  ms: s * 1000,
  speedMS: 3,
  cadence: null,
  powerW: null,
  distanceM: 3 * s,
  place: isPlaced ? [50 + s / 100_000, 8] : null,
});

test('a pause divides the route, a second without a place does not', () => {
  const samples = [at(1), at(2, false), at(3), at(60), at(61)];
  expect(routeOf(samples).map((piece) => piece.length)).toEqual([2, 2]);
  expect(routeOf([])).toEqual([]);
});

test('five hours are drawn with some hundred points that begin and end where the athlete did', () => {
  const [piece] = routeOf(Array.from({ length: 18_000 }, (_, s) => at(s)));
  expect(piece?.length).toBeLessThanOrEqual(602);
  expect([piece?.[0]?.[0], piece?.at(-1)?.[0]]).toEqual([50, 50 + 17_999 / 100_000]);
});
