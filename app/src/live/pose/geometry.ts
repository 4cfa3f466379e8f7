/** The rotated square that the landmark model looks at, and maps between positions. */

/** An affine map, row by row: x' = a x + b y + c, y' = d x + e y + f. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** A square around a person, turned so that the person stands upright in it; pixels of the upright frame. */
export type Region = {
  centerXPx: number;
  centerYPx: number;
  sidePx: number;
  /** Turn of the square, clockwise in the picture (y points down). */
  rotationRad: number;
};

export type Size = { widthPx: number; heightPx: number };

const SIDE_OVER_RADIUS = 2;
const MARGIN = 1.25;

/** The region of a hip centre and a point on the circle around the whole body, above the head. */
export function regionFromAlignment(centerX: number, centerY: number, rimX: number, rimY: number): Region {
  const dx = rimX - centerX;
  const dy = rimY - centerY;
  return {
    centerXPx: centerX,
    centerYPx: centerY,
    sidePx: SIDE_OVER_RADIUS * MARGIN * Math.hypot(dx, dy),
    rotationRad: wrapped(Math.PI / 2 - Math.atan2(-dy, dx)),
  };
}

/** The map from positions in the crop (0..size) to upright positions. */
export function uprightFromCrop(region: Region, sizePx: number): Affine {
  const scale = region.sidePx / sizePx;
  const cos = Math.cos(region.rotationRad) * scale;
  const sin = Math.sin(region.rotationRad) * scale;
  const half = sizePx / 2;
  return [
    cos,
    -sin,
    region.centerXPx - half * cos + half * sin,
    sin,
    cos,
    region.centerYPx - half * sin - half * cos,
  ];
}

/** The map from positions in a square (0..size) to the picture that is fitted into it, bars at two sides. */
export function uprightFromLetterbox({ widthPx, heightPx }: Size, sizePx: number): Affine {
  const side = Math.max(widthPx, heightPx);
  const scale = side / sizePx;
  return [scale, 0, (widthPx - side) / 2, 0, scale, (heightPx - side) / 2];
}

/** The map from the picture turned counter-clockwise to the picture itself. */
export function uprightFromTurned(turnDeg: 0 | 90 | 270, { widthPx, heightPx }: Size): Affine {
  if (turnDeg === 90) {
    return [0, -1, widthPx, 1, 0, 0];
  }
  return turnDeg === 270 ? [0, 1, 0, -1, 0, heightPx] : [1, 0, 0, 0, 1, 0];
}

/** First the second map, then the first. */
export function composed(after: Affine, before: Affine): Affine {
  const [a, b, c, d, e, f] = after;
  const [p, q, r, s, t, u] = before;
  return [a * p + b * s, a * q + b * t, a * r + b * u + c, d * p + e * s, d * q + e * t, d * r + e * u + f];
}

/** The region after a turn and shift of the picture. */
export function moved(region: Region, map: Affine): Region {
  const [a, b, c, d, e, f] = map;
  return {
    centerXPx: a * region.centerXPx + b * region.centerYPx + c,
    centerYPx: d * region.centerXPx + e * region.centerYPx + f,
    sidePx: region.sidePx,
    rotationRad: wrapped(region.rotationRad + Math.atan2(d, a)),
  };
}

/** Intersection over union of two squares, their rotation ignored. */
export function overlap(one: Region, other: Region): number {
  const reach = (one.sidePx + other.sidePx) / 2;
  const wide = Math.min(one.sidePx, other.sidePx, reach - Math.abs(one.centerXPx - other.centerXPx));
  const high = Math.min(one.sidePx, other.sidePx, reach - Math.abs(one.centerYPx - other.centerYPx));
  if (wide <= 0 || high <= 0) {
    return 0;
  }
  return (wide * high) / (one.sidePx ** 2 + other.sidePx ** 2 - wide * high);
}

function wrapped(turnRad: number): number {
  return turnRad - 2 * Math.PI * Math.floor((turnRad + Math.PI) / (2 * Math.PI));
}
