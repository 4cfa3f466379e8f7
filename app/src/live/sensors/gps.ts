/** Speed, way and place out of satellite positions: the poor ones left out, the others smoothed; pure. */

import type { Motion } from './pods';

/** A position as the device says it. */
export type Fix = {
  ms: number;
  latitudeDeg: number;
  longitudeDeg: number;
  /** Radius within which it lies with 95 %. [m] */
  accuracyM: number;
  /** Measured by the satellites' Doppler shift; null where the device does not tell. */
  speedMS: number | null;
};

export type Place = readonly [latitude_deg: number, longitude_deg: number];

/** One direction: where, how fast, and how sure that is. */
type Axis = { x: number; v: number; xx: number; xv: number; vv: number };

type Track = {
  origin: Place;
  east: Axis;
  north: Axis;
  ms: number;
  /** For the eye; the way is made of the speed of each moment. */
  shownMS: number;
  rejected: number;
  /** Of the last seconds, to tell standing from moving. */
  trail: readonly { ms: number; x: number; y: number }[];
};

/** Null until there is a position that is good enough. */
export type Gps = Track | null;

export const newGps = (): Gps => null;

/** Roads, trees and houses: a worse position says less than none. */
export const WORST_ACCURACY_M = 30;
const M_PER_DEGREE = 111_195;
/** Of two directions, 95 % lie within so many standard deviations (Rayleigh distribution). */
const SD_PER_ACCURACY = 1 / 2.45;
/** How briskly people on foot and on wheels change their speed. [m/s^2] */
const ACCELERATION = 0.4;
const FIRST_SPEED_SD = 3;
const STANDING_MS = 0.5;
/** Places that wander about one spot get nowhere in this time. */
const TRAIL_MS = 8_000;
/** A jump of more standard deviations is no movement, unless it stays. */
const MOST_DEVIATIONS = 5;
const REJECTED_IN_A_ROW = 3;
const LONGEST_GAP_S = 10;
const FASTEST_MS = 40;
const SHOWN_TIME_S = 4;

/** Take a position; null where it says nothing that can be used. */
export function gpsStep(before: Gps, fix: Fix): [Gps, { motion: Motion; place: Place } | null] {
  if (!(fix.accuracyM > 0) || fix.accuracyM > WORST_ACCURACY_M) return [before, null];
  if (before === null) return begun(fix, null, 0);
  const dtS = (fix.ms - before.ms) / 1000;
  if (dtS <= 0) return [before, null];
  const [east, north] = offset(before.origin, fix);
  if (dtS > LONGEST_GAP_S) {
    // Through a tunnel: the straight line, which is the least it can have been.
    const wayM = Math.hypot(east - before.east.x, north - before.north.x);
    return begun(fix, wayM <= FASTEST_MS * dtS ? wayM : null, before.ms);
  }
  const sd = fix.accuracyM * SD_PER_ACCURACY;
  const ahead = [predicted(before.east, dtS), predicted(before.north, dtS)] as const;
  const isJump = [east - ahead[0].x, north - ahead[1].x].some(
    (error, i) => Math.abs(error) > MOST_DEVIATIONS * Math.sqrt((ahead[i]?.xx ?? 0) + sd ** 2),
  );
  if (isJump) {
    const rejected = before.rejected + 1;
    if (rejected >= REJECTED_IN_A_ROW) return begun(fix, null, before.ms);
    return [{ ...before, rejected }, null];
  }
  const track: Track = {
    ...before,
    east: corrected(ahead[0], east, sd),
    north: corrected(ahead[1], north, sd),
    ms: fix.ms,
    rejected: 0,
    trail: before.trail.filter(({ ms }) => fix.ms - ms <= TRAIL_MS),
  };
  track.trail = [...track.trail, { ms: fix.ms, x: track.east.x, y: track.north.x }];
  const moving = speedOf(track, fix);
  track.shownMS = before.shownMS + (moving - before.shownMS) * (1 - Math.exp(-dtS / SHOWN_TIME_S));
  // Who stands sees it at once.
  if (moving === 0) track.shownMS = 0;
  const motion = said(track.shownMS, moving * dtS, before.ms);
  return [track, { motion, place: placeOf(track) }];
}

function begun(fix: Fix, wayM: number | null, fromMs: number): [Gps, { motion: Motion; place: Place }] {
  const origin: Place = [fix.latitudeDeg, fix.longitudeDeg];
  const speedMS = fix.speedMS !== null && fix.speedMS >= STANDING_MS ? fix.speedMS : 0;
  const axis: Axis = {
    x: 0,
    v: 0,
    xx: (fix.accuracyM * SD_PER_ACCURACY) ** 2,
    xv: 0,
    vv: FIRST_SPEED_SD ** 2,
  };
  const track: Track = {
    origin,
    east: axis,
    north: axis,
    ms: fix.ms,
    shownMS: speedMS,
    rejected: 0,
    trail: [],
  };
  // Without a Doppler shift one position alone has no speed.
  const motion = said(fix.speedMS === null ? null : speedMS, wayM, wayM === null ? fix.ms : fromMs);
  return [track, { motion, place: origin }];
}

const said = (speedMS: number | null, wayM: number | null, fromMs: number): Motion => ({
  speedMS,
  cadence: null,
  powerW: null,
  wayM,
  fromMs,
});

/** The device's own speed where it has one; it is better than the difference of places. */
function speedOf({ east, north, trail, ms }: Track, { speedMS }: Fix): number {
  const speed = speedMS ?? Math.hypot(east.v, north.v);
  const from = trail[0];
  if (speedMS === null && from !== undefined && ms - from.ms >= TRAIL_MS / 2) {
    const got = Math.hypot(east.x - from.x, north.x - from.y) / ((ms - from.ms) / 1000);
    if (got < STANDING_MS) return 0;
  }
  return speed < STANDING_MS ? 0 : Math.min(speed, FASTEST_MS);
}

function offset([latitude, longitude]: Place, fix: Fix): readonly [number, number] {
  const turned = fix.longitudeDeg - longitude;
  const eastDeg = turned - 360 * Math.round(turned / 360);
  const shrink = Math.cos((latitude * Math.PI) / 180);
  return [eastDeg * M_PER_DEGREE * shrink, (fix.latitudeDeg - latitude) * M_PER_DEGREE];
}

function placeOf({ origin: [latitude, longitude], east, north }: Track): Place {
  const shrink = Math.cos((latitude * Math.PI) / 180);
  const round = (degrees: number) => Math.round(degrees * 1e7) / 1e7;
  const turned = longitude + east.x / M_PER_DEGREE / shrink;
  return [round(latitude + north.x / M_PER_DEGREE), round(turned - 360 * Math.round(turned / 360))];
}

/** Constant speed, disturbed by acceleration: the Kalman filter's step in time. */
function predicted({ x, v, xx, xv, vv }: Axis, dtS: number): Axis {
  const q = ACCELERATION ** 2;
  return {
    x: x + v * dtS,
    v,
    xx: xx + 2 * dtS * xv + dtS ** 2 * vv + (q * dtS ** 4) / 4,
    xv: xv + dtS * vv + (q * dtS ** 3) / 2,
    vv: vv + q * dtS ** 2,
  };
}

function corrected({ x, v, xx, xv, vv }: Axis, measured: number, sd: number): Axis {
  const gain = xx / (xx + sd ** 2);
  const gainV = xv / (xx + sd ** 2);
  const error = measured - x;
  return {
    x: x + gain * error,
    v: v + gainV * error,
    xx: (1 - gain) * xx,
    xv: (1 - gain) * xv,
    vv: vv - gainV * xv,
  };
}
