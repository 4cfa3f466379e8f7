/** A workout as the document that the server keeps as its file: the same workout always gives the same text. */
import type { PhoneWorkout } from './types';

const MS = 1000;
const round = (value: number, decimals: number) => Number(value.toFixed(decimals));

/** Seconds from the start of a workout, as fine as the stores keep them. */
export function since(start: Date, at: Date): number {
  return round((at.getTime() - start.getTime()) / MS, 3);
}

/** Samples of a workout in order of time; what lies outside of it or is no number is left out. */
export function within<Row extends readonly [number, ...(number | null)[]]>(
  rows: readonly Row[],
  elapsedS: number,
): Row[] {
  return rows
    .filter(([t, value]) => t >= 0 && t <= elapsedS && Number.isFinite(value))
    .sort((a, b) => a[0] - b[0]);
}

export function place(
  t: number,
  latitude: number,
  longitude: number,
  altitude: number | null | undefined,
): [number, number, number, number | null] {
  const known = typeof altitude === 'number' && Number.isFinite(altitude);
  return [t, round(latitude, 7), round(longitude, 7), known ? round(altitude, 1) : null];
}

/** Numbers of the store, rounded so that two reads give the same text; what is unknown or negative is null. */
export function amount(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? round(value, 3) : null;
}

/** The text of the document; the server knows it by its first words. */
export function documentText({ topform_phone_workout, ...rest }: PhoneWorkout): string {
  return JSON.stringify({ topform_phone_workout, ...rest });
}

export function fileName({ source, started_at }: PhoneWorkout): string {
  return `${source}_${started_at.slice(0, 19).replace(/[:]/g, '-')}.json`;
}
