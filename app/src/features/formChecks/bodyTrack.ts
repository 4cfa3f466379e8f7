/** A moving skeleton: which points at which moment, and how two of them are laid over each other. Pure. */
export type Points = readonly (number | null)[];

export type Moving = {
  joints: readonly string[];
  t_s: readonly number[];
  xy: readonly (Points | null)[];
};

export type Bounds = { left: number; top: number; width: number; height: number };

/** The points at a time, between the two nearest moments; null where nobody was seen. */
export function pointsAt(track: Moving, t_s: number): Points | null {
  const times = track.t_s;
  if (times.length === 0) return null;
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((times[middle] ?? 0) <= t_s) low = middle;
    else high = middle - 1;
  }
  const first = track.xy[low] ?? null;
  const next = track.xy[low + 1] ?? null;
  const from = times[low] ?? 0;
  const to = times[low + 1] ?? from;
  if (first === null || next === null || to <= from || t_s <= from) return first;
  const share = Math.min(1, (t_s - from) / (to - from));
  return first.map((value, index) => {
    const other = next[index] ?? null;
    return value === null || other === null ? null : value + share * (other - value);
  });
}

function point(points: Points, index: number): [number, number] | null {
  const [x, y] = [points[2 * index] ?? null, points[2 * index + 1] ?? null];
  return x === null || y === null ? null : [x, y];
}

function middleOf(points: Points, joints: readonly string[], joint: string): [number, number] | null {
  const left = point(points, joints.indexOf(`left_${joint}`));
  const right = point(points, joints.indexOf(`right_${joint}`));
  return left === null || right === null ? null : [(left[0] + right[0]) / 2, (left[1] + right[1]) / 2];
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/**
 * One repetition in equal steps, as references are stored: origin between the hips, the trunk's length is 1, the head
 * to the right. Bodies of any size and direction can be laid over each other then.
 */
export function normalisedRep(
  track: Moving,
  rep: { start_s: number; end_s: number },
  steps: number,
): (Points | null)[] {
  const frames = Array.from({ length: steps }, (_none, step) =>
    pointsAt(track, rep.start_s + (step / Math.max(1, steps - 1)) * (rep.end_s - rep.start_s)),
  );
  const seen = frames.flatMap((frame) => {
    if (frame === null) return [];
    const hips = middleOf(frame, track.joints, 'hip');
    const shoulders = middleOf(frame, track.joints, 'shoulder');
    return hips && shoulders ? [{ x: shoulders[0] - hips[0], y: shoulders[1] - hips[1] }] : [];
  });
  const trunk = median(seen.map(({ x, y }) => Math.hypot(x, y)));
  if (trunk === 0) return frames.map(() => null);
  const facing = median(seen.map(({ x }) => x)) >= 0 ? 1 : -1;
  return frames.map((frame) => {
    const hips = frame === null ? null : middleOf(frame, track.joints, 'hip');
    if (frame === null || hips === null) return null;
    return frame.map((value, index) => {
      if (value === null) return null;
      return index % 2 === 0 ? (facing * (value - hips[0])) / trunk : (value - hips[1]) / trunk;
    });
  });
}

/** The box around all moments of some movements, with a margin. */
export function boundsOf(movements: readonly (readonly (Points | null)[])[]): Bounds {
  const flat = movements.flat().filter((frame) => frame !== null);
  const xs = flat.flatMap((frame) => frame.filter((_value, index) => index % 2 === 0)).filter(isNumber);
  const ys = flat.flatMap((frame) => frame.filter((_value, index) => index % 2 === 1)).filter(isNumber);
  if (xs.length === 0) return { left: 0, top: 0, width: 1, height: 1 };
  const low = (values: number[]) => values.reduce((a, b) => Math.min(a, b));
  const high = (values: number[]) => values.reduce((a, b) => Math.max(a, b));
  const [left, top, right, bottom] = [low(xs), low(ys), high(xs), high(ys)];
  const margin = 0.08 * Math.max(right - left, bottom - top);
  return {
    left: left - margin,
    top: top - margin,
    width: right - left + 2 * margin,
    height: bottom - top + 2 * margin,
  };
}

function isNumber(value: number | null): value is number {
  return value !== null;
}
