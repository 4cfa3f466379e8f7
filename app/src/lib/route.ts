/** A route on a flat map: equirectangular around its middle, true in scale there, north up. */

export type Point = readonly [latitude_deg: number, longitude_deg: number];
export type Placed = { x: number; y: number };

export type RouteMap = {
  /** Where a coordinate lies on the drawing. */
  place: (point: Point) => Placed;
  /** The coordinate at a place of the drawing. */
  at: (placed: Placed) => Point;
  metersPerPoint: number;
};

const M_PER_DEGREE = 111_195;
const SMALLEST_SPAN_M = 50;

/** Longitudes relative to the first one, so that a route over the date line stays in one piece. */
function unwrapped(longitude: number, reference: number): number {
  return longitude - 360 * Math.round((longitude - reference) / 360);
}

/** Fits the route into a drawing with a margin; null when it holds no position. */
export function fitRoute(
  points: readonly Point[],
  width: number,
  height: number,
  margin: number,
): RouteMap | null {
  const first = points[0];
  if (first === undefined || width <= 2 * margin || height <= 2 * margin) return null;
  let [south, north, west, east] = [first[0], first[0], first[1], first[1]];
  for (const [latitude, raw] of points) {
    const longitude = unwrapped(raw, first[1]);
    south = Math.min(south, latitude);
    north = Math.max(north, latitude);
    west = Math.min(west, longitude);
    east = Math.max(east, longitude);
  }
  const middle = { latitude: (south + north) / 2, longitude: (west + east) / 2 };
  const shrink = Math.cos((middle.latitude * Math.PI) / 180);
  const width_m = Math.max((east - west) * M_PER_DEGREE * shrink, SMALLEST_SPAN_M);
  const height_m = Math.max((north - south) * M_PER_DEGREE, SMALLEST_SPAN_M);
  const metersPerPoint = Math.max(width_m / (width - 2 * margin), height_m / (height - 2 * margin));
  const place = ([latitude, raw]: Point): Placed => ({
    x: width / 2 + ((unwrapped(raw, first[1]) - middle.longitude) * M_PER_DEGREE * shrink) / metersPerPoint,
    y: height / 2 - ((latitude - middle.latitude) * M_PER_DEGREE) / metersPerPoint,
  });
  const at = ({ x, y }: Placed): Point => [
    middle.latitude - ((y - height / 2) * metersPerPoint) / M_PER_DEGREE,
    middle.longitude + ((x - width / 2) * metersPerPoint) / (M_PER_DEGREE * shrink),
  ];
  return { place, at, metersPerPoint };
}

export type Circle = { center: Point; radius_m: number };

/** The outermost points of a circle to the north, east, south and west. */
export function edgesOf({ center: [latitude, longitude], radius_m }: Circle): Point[] {
  const up = radius_m / M_PER_DEGREE;
  const aside = up / Math.max(Math.cos((latitude * Math.PI) / 180), 0.01);
  return [
    [latitude + up, longitude],
    [latitude, longitude + aside],
    [latitude - up, longitude],
    [latitude, longitude - aside],
  ];
}

/** The longest 1-2-5 length that fits; both in the unit that `metersPerUnit` says. */
export function scaleBar(
  metersPerPoint: number,
  longestPoints: number,
  metersPerUnit: number,
): { length: number; points: number } {
  const longest = (metersPerPoint * longestPoints) / metersPerUnit;
  const power = 10 ** Math.floor(Math.log10(longest));
  const step = [5, 2, 1].find((factor) => factor * power <= longest) ?? 1;
  const length = step * power;
  return { length, points: (length * metersPerUnit) / metersPerPoint };
}

/** Pieces of a route between gaps in the positions. */
export function routePieces(
  latitudes: readonly (number | null)[],
  longitudes: readonly (number | null)[],
): Point[][] {
  const pieces: Point[][] = [];
  let piece: Point[] = [];
  latitudes.forEach((latitude, index) => {
    const longitude = longitudes[index];
    if (latitude === null || longitude === null || longitude === undefined) {
      if (piece.length > 0) pieces.push(piece);
      piece = [];
    } else {
      piece.push([latitude, longitude]);
    }
  });
  if (piece.length > 0) pieces.push(piece);
  return pieces;
}
