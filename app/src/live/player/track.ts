/** The route of a workout as a drawing wants it; pure. */

import type { Place } from '../sensors/gps';
import type { Sample } from './workout';

/** Between places further apart in time nobody knows the way. */
const LONGEST_GAP_MS = 15_000;
const MOST_POINTS = 600;

/** The places in pieces between gaps, and not more of them than can be told apart. */
export function routeOf(samples: readonly Sample[]): Place[][] {
  const placed = samples.flatMap(({ ms, place }) => (place ? [{ ms, place }] : []));
  const every = Math.max(1, Math.ceil(placed.length / MOST_POINTS));
  const pieces: Place[][] = [];
  placed.forEach(({ ms, place }, i) => {
    const before = placed[i - 1];
    const isNew = before === undefined || ms - before.ms > LONGEST_GAP_MS;
    if (isNew) pieces.push([]);
    const isLast = i === placed.length - 1;
    if (isNew || isLast || i % every === 0) pieces.at(-1)?.push(place);
  });
  return pieces;
}
