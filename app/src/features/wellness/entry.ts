/** What can be typed for a day, and back. Pure. */
import type { Units, WellnessDay, WellnessMetric } from '@/api/types';
import { decimal, massToKg, typedNumber } from '@/lib/units';

export const measuredFields = ['body_mass_kg', 'sleep_s', 'hrv_rmssd_ms', 'resting_hr_bpm'] as const;
export const feltFields = ['soreness', 'fatigue', 'mood'] as const;
export const fields = [...measuredFields, ...feltFields] as const;
export type Field = (typeof fields)[number];
export type FeltField = (typeof feltFields)[number];

export function isFelt(field: Field): field is FeltField {
  return feltFields.some((one) => one === field);
}

/** What the server takes. */
const limits: Record<Field, readonly [number, number]> = {
  body_mass_kg: [20, 400],
  sleep_s: [0, 86_400],
  hrv_rmssd_ms: [1, 400],
  resting_hr_bpm: [20, 150],
  soreness: [0, 10],
  fatigue: [0, 10],
  mood: [0, 10],
};

const S_PER_HOUR = 3600;
const KG_PER_POUND = 0.45359237;
const MANUAL = 'manual';

export type Edits = Partial<Record<Field, string>>;
export const NOTHING: Edits = {};

export function isEdits(found: unknown): found is Edits {
  return (
    typeof found === 'object' &&
    found !== null &&
    Object.entries(found).every(
      ([name, text]) => fields.some((one) => one === name) && typeof text === 'string',
    )
  );
}

/** `7:30`, or a number of hours. */
export function typedSeconds(typed: string): number | null {
  const clock = /^(\d{1,2}):([0-5]\d)$/.exec(typed.trim());
  if (clock) return Number(clock[1]) * S_PER_HOUR + Number(clock[2]) * 60;
  const hours = typedNumber(typed);
  return hours === null ? null : Math.round(hours * S_PER_HOUR);
}

/** Seconds as hours and minutes. */
export function hoursText(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

/** What stands in a field for a stored value. */
export function shownText(field: Field, value: number, units: Units): string {
  if (field === 'sleep_s') return hoursText(value);
  const shown = field === 'body_mass_kg' && units === 'imperial' ? value / KG_PER_POUND : value;
  return String(Math.round(shown * 10) / 10);
}

/** The value in the server's unit; null for an empty field; undefined for what cannot be. */
export function parsedField(field: Field, typed: string, units: Units): number | null | undefined {
  if (typed.trim() === '') return null;
  const value = field === 'sleep_s' ? typedSeconds(typed) : typedNumber(typed);
  if (value === null) return undefined;
  const si = field === 'body_mass_kg' ? massToKg(value, units) : value;
  const [low, high] = limits[field];
  return si >= low && si <= high ? si : undefined;
}

/** The possible values of a field as they would be typed. */
export function typedRange(field: Field, units: Units): [string, string] {
  const [low, high] = limits[field];
  return [shownText(field, low, units), shownText(field, high, units)];
}

/** What the athlete typed for a day. */
export function typedBefore(day: WellnessDay | undefined): Partial<Record<Field, number>> {
  const typed: Partial<Record<Field, number>> = {};
  for (const value of day?.values ?? []) {
    const field = fields.find((one) => one === value.metric);
    if (field !== undefined && value.source === MANUAL) typed[field] = value.value;
  }
  return typed;
}

/** Only what was edited; an emptied field deletes what was typed before. */
export function changeOf(
  edits: Edits,
  before: Partial<Record<Field, number>>,
  units: Units,
): Partial<Record<WellnessMetric, number | null>> {
  const change: Partial<Record<WellnessMetric, number | null>> = {};
  for (const field of fields) {
    const edit = edits[field];
    const stored = before[field];
    if (edit === undefined || (stored !== undefined && edit === shownText(field, stored, units))) continue;
    const value = parsedField(field, edit, units);
    if (value === undefined || (value === null && stored === undefined)) continue;
    change[field] = value;
  }
  return change;
}

/** A number as it is read, with as many decimals as its metric has. */
export function read(value: number, language: string, digits: number): string {
  return decimal(value, digits, language);
}
