/** Small arithmetic that treats what was not observed (NaN) as the recorded analysis does. */

const DEG_PER_RAD = 180 / Math.PI;

export const degrees = (rad: number): number => rad * DEG_PER_RAD;
export const radians = (deg: number): number => deg / DEG_PER_RAD;

/** The second only where it is clearly larger: a NaN in the first place stays. */
export const larger = (first: number, second: number): number => (second > first ? second : first);
export const smaller = (first: number, second: number): number => (second < first ? second : first);

export const clamp = (value: number, low: number, high: number): number =>
  value < low ? low : value > high ? high : value;

/** 1 or -1 by the sign bit. */
export const signOf = (value: number): number => (value < 0 || Object.is(value, -0) ? -1 : 1);

/** Mean of what is observed. */
export function meanOf(first: number, second: number): number {
  if (Number.isNaN(first)) return second;
  return Number.isNaN(second) ? first : (first + second) / 2;
}

/** Quantile of what was seen, NaN where nothing was. */
export function quantile(values: readonly number[], share: number): number {
  const seen = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (seen.length === 0) return NaN;
  const place = share * (seen.length - 1);
  const below = Math.floor(place);
  const low = seen[below] ?? NaN;
  const high = seen[Math.min(below + 1, seen.length - 1)] ?? NaN;
  return low + (place - below) * (high - low);
}

/** Range without the most extreme tenth at each end, 0 where nothing was seen. */
export function spread(values: readonly number[]): number {
  const seen = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (seen.length === 0) return 0;
  const cut = Math.floor(seen.length / 10);
  return (seen[seen.length - 1 - cut] ?? NaN) - (seen[cut] ?? NaN);
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Circular mean, NaN for no angles. [deg] */
export function meanDirectionDeg(anglesDeg: readonly number[]): number {
  if (anglesDeg.length === 0) return NaN;
  let x = 0;
  let y = 0;
  for (const angle of anglesDeg) {
    x += Math.cos(radians(angle));
    y += Math.sin(radians(angle));
  }
  return degrees(Math.atan2(y, x));
}
