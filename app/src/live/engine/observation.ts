/** What one frame shows of a body: a handful of plain numbers, the same as in the recorded analysis. */

import type { FormStepOutput, PoseFrame } from '../types';
import { clamp, degrees, larger, meanOf, signOf, smaller } from './numbers';
import tables from './tables.json';

const T = tables.observation;
const AT: Record<string, number> = tables.keypoints;

type Point = readonly number[];
type Points = (name: string) => Point;

export type ArmObservation = {
  elbowDeg: number;
  elbowWorldDeg: number;
  /** Height of the shoulder over the elbow as an inclination of the upper arm; 0 = level. [deg] */
  upperArmDeg: number;
  flareDeg: number;
  visibility: number;
};

/** NaN = not observed. */
export type FrameObservation = {
  tS: number;
  isObserved: boolean;
  shoulderYPx: number;
  wristYPx: number;
  hipYPx: number;
  pxPerM: number;
  trunkInclinationDeg: number;
  hipAngleDeg: number;
  armTrunkDeg: number;
  /** 0 = side view, +90 = head towards the camera, -90 = feet. [deg] */
  yawDeg: number;
  handDirection: number;
  handDepth: number;
  left: ArmObservation;
  right: ArmObservation;
  /** Signed bend at the hip, + pike, - sag. [deg] */
  bodyLineDeg: number;
  neckDeg: number;
  legVisibility: number;
  faultLogits: ArrayLike<number> | null;
};

export const elbowDeg = (seen: FrameObservation): number => meanOf(seen.left.elbowDeg, seen.right.elbowDeg);
export const elbowWorldDeg = (seen: FrameObservation): number =>
  meanOf(seen.left.elbowWorldDeg, seen.right.elbowWorldDeg);
export const nearArm = (seen: FrameObservation): ArmObservation =>
  seen.left.visibility >= seen.right.visibility ? seen.left : seen.right;

/** Return what one frame shows; `form` is what the form model said after the same frame. */
export function observe(frame: PoseFrame | null, tS: number, form: FormStepOutput | null): FrameObservation {
  if (frame === null) return unobserved(tS);
  const { worldM, xy, score } = frame;
  const picture: Points = (name) => {
    const i = placeOf(name);
    return [xy[2 * i] ?? NaN, xy[2 * i + 1] ?? NaN];
  };
  const hasWorld = worldM !== null && Number.isFinite(worldM[3 * placeOf('left_hip')]);
  const world: Points | null = !hasWorld
    ? null
    : (name) => {
        const i = placeOf(name);
        return [worldM[3 * i] ?? NaN, worldM[3 * i + 1] ?? NaN, worldM[3 * i + 2] ?? NaN];
      };
  const seen = (side: string, ...joints: string[]): number =>
    joints.map((joint) => score[placeOf(`${side}_${joint}`)] ?? 0).reduce(smaller);
  const shoulder = middle(picture, 'shoulder');
  const wrist = middle(picture, 'wrist');
  const hip = middle(picture, 'hip');
  if (![...shoulder, ...wrist, ...hip].every(Number.isFinite)) return unobserved(tS);
  const space = world ?? picture;
  const isRightBetter = seen('right', 'shoulder', 'hip', 'ankle') > seen('left', 'shoulder', 'hip', 'ankle');
  const side = isRightBetter ? 'right' : 'left';
  const trunk = step(middle(space, 'hip'), middle(space, 'shoulder'));
  const reach = step(middle(space, 'shoulder'), middle(space, 'wrist'));
  const reachLength = length(reach);
  const pxPerM = scaleOf(picture, world);
  const yawDeg = world !== null ? yawOf(trunk) : yawFromWidth(picture);
  const isFlat = world === null && yawDeg > T.flat_yaw_deg;
  const hipOf = (s: string) => angleDeg(space(`${s}_shoulder`), space(`${s}_hip`), space(`${s}_knee`));
  return {
    tS,
    isObserved: true,
    shoulderYPx: at(shoulder, 1),
    wristYPx: at(wrist, 1),
    hipYPx: at(hip, 1),
    pxPerM,
    trunkInclinationDeg: inclinationDeg(trunk, world !== null ? 0 : T.trunk_m * pxPerM),
    hipAngleDeg: isFlat ? NaN : larger(hipOf('left'), hipOf('right')),
    armTrunkDeg: isFlat
      ? NaN
      : angleDeg(middle(space, 'wrist'), middle(space, 'shoulder'), middle(space, 'hip')),
    yawDeg,
    handDirection: reachLength > 0 ? at(reach, 1) / reachLength : NaN,
    handDepth: world !== null && reachLength > 0 ? at(reach, 2) / reachLength : 0,
    left: armOf('left', picture, world, seen('left', 'shoulder', 'elbow', 'wrist'), pxPerM),
    right: armOf('right', picture, world, seen('right', 'shoulder', 'elbow', 'wrist'), pxPerM),
    bodyLineDeg: bodyLineDeg(picture, side),
    neckDeg: neckDeg(picture, side),
    legVisibility: seen(side, 'hip', 'knee', 'ankle'),
    faultLogits: form === null ? null : form.faultLogits,
  };
}

const NO_ARM: ArmObservation = {
  elbowDeg: NaN,
  elbowWorldDeg: NaN,
  upperArmDeg: NaN,
  flareDeg: NaN,
  visibility: 0,
};

function unobserved(tS: number): FrameObservation {
  return {
    tS,
    isObserved: false,
    shoulderYPx: NaN,
    wristYPx: NaN,
    hipYPx: NaN,
    pxPerM: NaN,
    trunkInclinationDeg: NaN,
    hipAngleDeg: NaN,
    armTrunkDeg: NaN,
    yawDeg: NaN,
    handDirection: NaN,
    handDepth: NaN,
    left: NO_ARM,
    right: NO_ARM,
    bodyLineDeg: NaN,
    neckDeg: NaN,
    legVisibility: 0,
    faultLogits: null,
  };
}

function placeOf(name: string): number {
  const place = AT[name];
  if (place === undefined) throw new Error(`No keypoint is called ${name}`);
  return place;
}

const at = (point: Point, axis: number): number => point[axis] ?? NaN;

function middle(points: Points, joint: string): Point {
  const left = points(`left_${joint}`);
  const right = points(`right_${joint}`);
  return left.map((value, axis) => meanOf(value, at(right, axis)));
}

const step = (start: Point, end: Point): Point => start.map((value, axis) => at(end, axis) - value);

const length = (vector: Point): number => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

function angleDeg(first: Point, vertex: Point, last: Point): number {
  const a = step(vertex, first);
  const b = step(vertex, last);
  const lengths = length(a) * length(b);
  if (!(lengths > 0)) return NaN;
  const cosine = a.reduce((sum, value, axis) => sum + value * at(b, axis), 0) / lengths;
  return degrees(Math.acos(clamp(cosine, -1, 1)));
}

function inclinationDeg(vector: Point, atLeast: number): number {
  const whole = larger(atLeast, length(vector));
  return whole > 0 ? degrees(Math.asin(clamp(-at(vector, 1) / whole, -1, 1))) : NaN;
}

const yawOf = (trunk: Point): number => degrees(Math.atan2(-at(trunk, 2), Math.abs(at(trunk, 0))));

function yawFromWidth(picture: Points): number {
  const width = length(step(picture('left_shoulder'), picture('right_shoulder')));
  const trunk = length(step(middle(picture, 'hip'), middle(picture, 'shoulder')));
  if (!(trunk > 0)) return NaN;
  return degrees(Math.atan2(width / T.width_of_stature, trunk / T.trunk_of_stature));
}

function scaleOf(picture: Points, world: Points | null): number {
  if (world === null) {
    const sizes = ['left', 'right'].map((side) => {
      const upper = length(step(picture(`${side}_shoulder`), picture(`${side}_elbow`)));
      return (upper + length(step(picture(`${side}_elbow`), picture(`${side}_wrist`)))) / T.arm_m;
    });
    sizes.push(length(step(middle(picture, 'hip'), middle(picture, 'shoulder'))) / T.trunk_m);
    sizes.push(length(step(picture('left_shoulder'), picture('right_shoulder'))) / T.shoulders_m);
    const known = sizes.filter(Number.isFinite);
    return known.length > 0 ? Math.max(...known) : NaN;
  }
  const names = ['left', 'right'].flatMap((side) =>
    ['shoulder', 'elbow', 'wrist', 'hip'].map((joint) => `${side}_${joint}`),
  );
  const inPicture = scatter(names.map(picture));
  const inSpace = scatter(names.map(world));
  return Math.sqrt(inPicture / larger(inSpace, 1e-12));
}

/** Sum of the squared distances from the middle, in x and y. */
function scatter(points: Point[]): number {
  let sum = 0;
  for (const axis of [0, 1]) {
    const centre = points.reduce((total, point) => total + at(point, axis), 0) / points.length;
    for (const point of points) sum += (at(point, axis) - centre) ** 2;
  }
  return sum;
}

function armOf(
  side: string,
  picture: Points,
  world: Points | null,
  visibility: number,
  pxPerM: number,
): ArmObservation {
  const [shoulder, elbow, wrist] = [`${side}_shoulder`, `${side}_elbow`, `${side}_wrist`] as const;
  return {
    elbowDeg: angleDeg(picture(shoulder), picture(elbow), picture(wrist)),
    elbowWorldDeg: world === null ? NaN : angleDeg(world(shoulder), world(elbow), world(wrist)),
    upperArmDeg: inclinationDeg(step(picture(elbow), picture(shoulder)), T.min_upper_arm_m * pxPerM),
    flareDeg: world === null ? NaN : angleDeg(world(elbow), world(shoulder), world(`${side}_hip`)),
    visibility,
  };
}

function bodyLineDeg(picture: Points, side: string): number {
  const [hip, knee, ankle] = [picture(`${side}_hip`), picture(`${side}_knee`), picture(`${side}_ankle`)];
  const onKnees = angleDeg(hip, knee, ankle) < T.kneeling_below_deg && at(knee, 1) >= at(ankle, 1);
  const shoulder = picture(`${side}_shoulder`);
  const end = onKnees ? knee : ankle;
  const along = step(shoulder, end);
  const toHip = step(shoulder, hip);
  const offset = at(along, 0) * at(toHip, 1) - at(along, 1) * at(toHip, 0);
  return -signOf(offset) * signOf(at(along, 0)) * (180 - angleDeg(shoulder, hip, end));
}

function neckDeg(picture: Points, side: string): number {
  const [shoulder, hip, ear] = [picture(`${side}_shoulder`), picture(`${side}_hip`), picture(`${side}_ear`)];
  const trunk = step(hip, shoulder);
  const neck = step(shoulder, ear);
  const turn = at(trunk, 0) * at(neck, 1) - at(trunk, 1) * at(neck, 0);
  return signOf(turn) * signOf(at(trunk, 0)) * (180 - angleDeg(hip, shoulder, ear));
}
