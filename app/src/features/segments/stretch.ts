/** A stretch of a recorded route, chosen by two places on it. */
import type { Point } from '@/lib/route';

export type Route = {
  t_s: readonly number[];
  points: readonly Point[];
  /** Metres from the first point. */
  along_m: readonly number[];
};

type Streams = {
  t_s: readonly number[];
  channels: Record<string, readonly (number | null)[] | undefined>;
};

const EARTH_RADIUS_M = 6_371_008.8;
const RADIANS = Math.PI / 180;

export const SHORTEST_M = 200;
export const LONGEST_M = 50_000;
/** Places of a slider; finer ones no finger can choose. */
const PLACES = 400;

export function metersBetween(one: Point, other: Point): number {
  const half =
    Math.sin(((other[0] - one[0]) * RADIANS) / 2) ** 2 +
    Math.cos(one[0] * RADIANS) *
      Math.cos(other[0] * RADIANS) *
      Math.sin(((other[1] - one[1]) * RADIANS) / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(Math.min(1, half)));
}

/** The places to choose from, evenly along the route; null where there is none. */
export function routeOf(streams: Streams): Route | null {
  const { latitude_deg: latitudes, longitude_deg: longitudes } = streams.channels;
  if (!latitudes || !longitudes) return null;
  const route = { t_s: [] as number[], points: [] as Point[], along_m: [] as number[] };
  let along = 0;
  let last: Point | null = null;
  streams.t_s.forEach((at, index) => {
    const latitude = latitudes[index];
    const longitude = longitudes[index];
    if (typeof latitude !== 'number' || typeof longitude !== 'number') return;
    const point: Point = [latitude, longitude];
    along += last === null ? 0 : metersBetween(last, point);
    last = point;
    route.t_s.push(at);
    route.points.push(point);
    route.along_m.push(along);
  });
  if (along < SHORTEST_M) return null;
  const step = along / PLACES;
  const kept: number[] = [];
  route.along_m.forEach((meters, index) => {
    const before = kept.at(-1);
    if (before === undefined || meters - (route.along_m[before] ?? 0) >= step) kept.push(index);
  });
  const pick = <Value>(values: readonly Value[]) => kept.map((index) => values[index] as Value);
  return { t_s: pick(route.t_s), points: pick(route.points), along_m: pick(route.along_m) };
}

export function lengthOf(route: Route, start: number, end: number): number {
  return (route.along_m[end] ?? 0) - (route.along_m[start] ?? 0);
}

/** Why a stretch cannot be a segment, null when it can. */
export function problemOf(route: Route, start: number, end: number): 'order' | 'short' | 'long' | null {
  if (end <= start) return 'order';
  const length = lengthOf(route, start, end);
  return length < SHORTEST_M ? 'short' : length > LONGEST_M ? 'long' : null;
}
