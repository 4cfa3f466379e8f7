import { edgesOf, fitRoute, type Point, routePieces, scaleBar } from './route';

const EQUATOR_SQUARE: Point[] = [
  [0, 0],
  [0.01, 0],
  [0.01, 0.01],
  [0, 0.01],
];

test('north is up, east is right, and the route fits its frame', () => {
  const map = fitRoute(EQUATOR_SQUARE, 300, 200, 20);
  const [southWest, northWest, northEast] = EQUATOR_SQUARE.map((point) => map?.place(point));
  expect(northWest?.y).toBeCloseTo(20);
  expect(southWest?.y).toBeCloseTo(180);
  expect(northEast?.x).toBeGreaterThan(northWest?.x ?? Infinity);
});

test('a degree of longitude shrinks with the cosine of the latitude', () => {
  const at60: Point[] = [
    [60, 10],
    [60, 10.02],
    [60.01, 10],
  ];
  const map = fitRoute(at60, 400, 400, 0);
  const origin = map?.place([60, 10]) ?? { x: 0, y: 0 };
  const east = map?.place([60, 10.02]) ?? { x: 0, y: 0 };
  const north = map?.place([60.01, 10]) ?? { x: 0, y: 0 };
  // cos 60 = 1/2: two hundredths of a degree east are as long as one hundredth north.
  expect((east.x - origin.x) / (origin.y - north.y)).toBeCloseTo(1, 2);
});

test('the scale of the map is that of the earth', () => {
  const map = fitRoute(EQUATOR_SQUARE, 240, 240, 20);
  // 0.01 degrees are 1111.95 m on a sphere with a radius of 6371 km; they fill 200 points.
  expect(map?.metersPerPoint).toBeCloseTo(1111.95 / 200, 1);
});

test('a route over the date line stays in one piece', () => {
  const map = fitRoute(
    [
      [0, 179.99],
      [0, -179.99],
    ],
    200,
    200,
    10,
  );
  // 0.02 degrees apart, not 359.98.
  expect(map?.metersPerPoint).toBeCloseTo((0.02 * 111_195) / 180, 0);
});

test('a single point and no point at all', () => {
  expect(fitRoute([], 200, 200, 10)).toBeNull();
  expect(fitRoute([[47, 8]], 200, 200, 10)?.place([47, 8])).toEqual({ x: 100, y: 100 });
});

test.each([
  [1, 100, 1, 100],
  [1, 150, 1, 100],
  [3, 100, 1, 200],
  [8, 100, 1, 500],
  [30, 100, 1000, 2],
])('at %p m a point, %p points hold a bar of %p m x %p', (metersPerPoint, longest, metersPerUnit, length) => {
  const bar = scaleBar(metersPerPoint, longest, metersPerUnit);
  expect(bar.length).toBe(length);
  expect(bar.points * metersPerPoint).toBeCloseTo(length * metersPerUnit);
  expect(bar.points).toBeLessThanOrEqual(longest);
});

test('gaps in the positions split the route; zero is a position', () => {
  expect(routePieces([0, 1, null, 2], [0, 0, 0, 0])).toEqual([
    [
      [0, 0],
      [1, 0],
    ],
    [[2, 0]],
  ]);
});

test('the edges of a circle are as far from its centre as its radius', () => {
  // At 60 degrees a degree of longitude is half as long: 1111.95 m are 0.01 degrees north and 0.02 east.
  const [north, east, south, west] = edgesOf({ center: [60, 10], radius_m: 1111.95 });
  expect(north?.[0]).toBeCloseTo(60.01, 5);
  expect(south?.[0]).toBeCloseTo(59.99, 5);
  expect(east?.[1]).toBeCloseTo(10.02, 5);
  expect(west?.[1]).toBeCloseTo(9.98, 5);
});
