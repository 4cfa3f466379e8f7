import { lengthOf, metersBetween, problemOf, routeOf } from './stretch';

/** North along a meridian: a degree is 111.195 km on this sphere. */
const METER = 1 / 111_195.08;
const north = (meters: number) => 47 + meters * METER;

function streams(metersAt: readonly (number | null)[]) {
  return {
    t_s: metersAt.map((_, index) => index * 5),
    channels: {
      latitude_deg: metersAt.map((meters) => (meters === null ? null : north(meters))),
      longitude_deg: metersAt.map((meters) => (meters === null ? null : 8)),
    },
  };
}

test('a degree of latitude is 111.2 km, and a degree of longitude less away from the equator', () => {
  expect(metersBetween([0, 0], [1, 0])).toBeCloseTo(111_195, 0);
  expect(metersBetween([60, 0], [60, 1])).toBeCloseTo(55_597, -2);
});

test('the places of a route keep their times and distances over what was not observed', () => {
  const route = routeOf(streams([0, 100, null, 300, 400]));
  expect(route?.t_s).toEqual([0, 5, 15, 20]);
  expect(route?.along_m.map(Math.round)).toEqual([0, 100, 300, 400]);
  expect(lengthOf(route!, 1, 3)).toBeCloseTo(300, 1);
});

test('a long route has some hundred places to choose from', () => {
  const route = routeOf(streams(Array.from({ length: 5001 }, (_, index) => index * 4)));
  expect(route!.points.length).toBeGreaterThan(350);
  expect(route!.points.length).toBeLessThanOrEqual(401);
});

test('no route, or one that is too short, gives nothing to choose', () => {
  expect(routeOf({ t_s: [0, 1], channels: {} })).toBeNull();
  expect(routeOf(streams([0, 150]))).toBeNull();
});

test('start, end and length have to be right', () => {
  const route = routeOf(streams([0, 100, 200, 300, 60_000]))!;
  const last = route.points.length - 1;
  expect(problemOf(route, 1, 1)).toBe('order');
  expect(problemOf(route, last, 0)).toBe('order');
  expect(problemOf(route, 0, last)).toBe('long');
  expect(problemOf(routeOf(streams([0, 100, 200, 300]))!, 0, 1)).toBe('short');
  expect(problemOf(routeOf(streams([0, 100, 200, 300]))!, 0, 3)).toBeNull();
});
