/** The numbers of a profile as typed, and back. Pure. */
import type { Athlete, AthleteChange, Units } from '@/api/types';
import { clock, massToKg, paceMeters, paceToSpeed, typedNumber } from '@/lib/units';

export type ParameterId =
  | 'mass_kg'
  | 'hr_rest_bpm'
  | 'hr_max_bpm'
  | 'lthr_bpm'
  | 'ftp_w'
  | 'threshold_speed_m_s'
  | 'css_m_s'
  | 'cp_w'
  | 'w_prime_j'
  | 'run_power_watch_w'
  | 'run_power_foot_pod_w'
  | 'run_power_app_w';

export const parameterIds: readonly ParameterId[] = [
  'mass_kg',
  'hr_rest_bpm',
  'hr_max_bpm',
  'lthr_bpm',
  'ftp_w',
  'threshold_speed_m_s',
  'css_m_s',
  'cp_w',
  'w_prime_j',
  'run_power_watch_w',
  'run_power_foot_pod_w',
  'run_power_app_w',
];

/** What the server takes. */
const limits: Record<ParameterId, readonly [number, number]> = {
  mass_kg: [20, 400],
  hr_rest_bpm: [20, 150],
  hr_max_bpm: [80, 240],
  lthr_bpm: [60, 230],
  ftp_w: [20, 800],
  threshold_speed_m_s: [0.5, 8],
  css_m_s: [0.2, 2.5],
  cp_w: [20, 800],
  w_prime_j: [1000, 60_000],
  run_power_watch_w: [20, 800],
  run_power_foot_pod_w: [20, 800],
  run_power_app_w: [20, 800],
};

const J_PER_KJ = 1000;
const KG_PER_POUND = 0.45359237;

function trimmed(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** What stands in the field; empty means "I don't know". */
export function typedValue(id: ParameterId, athlete: Athlete, units: Units): string {
  const value = athlete[id];
  return value === null || value === undefined ? '' : shownValue(id, value, units);
}

function shownValue(id: ParameterId, value: number, units: Units): string {
  switch (id) {
    case 'mass_kg':
      return trimmed(units === 'metric' ? value : value / KG_PER_POUND);
    case 'threshold_speed_m_s':
      return clock(paceMeters('running', units) / value);
    case 'css_m_s':
      return clock(paceMeters('swimming', units) / value);
    case 'w_prime_j':
      return trimmed(value / J_PER_KJ);
    default:
      return trimmed(value);
  }
}

/** The value in SI; null for an empty field; undefined when what was typed is not a possible value. */
export function parsedValue(id: ParameterId, typed: string, units: Units): number | null | undefined {
  if (typed.trim() === '') return null;
  const value =
    id === 'threshold_speed_m_s'
      ? paceToSpeed(typed, 'running', units)
      : id === 'css_m_s'
        ? paceToSpeed(typed, 'swimming', units)
        : typedNumber(typed);
  if (value === null) return undefined;
  const si = id === 'mass_kg' ? massToKg(value, units) : id === 'w_prime_j' ? value * J_PER_KJ : value;
  const [low, high] = limits[id];
  return si >= low && si <= high ? si : undefined;
}

/** The possible values as they would be typed, in the order they are read out; the fastest pace comes first. */
export function typedRange(id: ParameterId, units: Units): [string, string] {
  const [low, high] = limits[id].map((value) => shownValue(id, value, units)) as [string, string];
  return id === 'threshold_speed_m_s' || id === 'css_m_s' ? [high, low] : [low, high];
}

/** What somebody typed into a field, and the units it was typed in. */
export type Edit = { text: string; units: Units };
export type Edits = Partial<Record<ParameterId, Edit>>;

/** What is typed of a body and not saved. */
export type BodyForm = { edits: Edits; sex: 'm' | 'f' | 'unknown' | null };
export const NOTHING_TYPED: BodyForm = { edits: {}, sex: null };

export function isBodyForm(found: unknown): found is BodyForm {
  if (typeof found !== 'object' || found === null) return false;
  const { edits, sex } = found as Partial<BodyForm>;
  return (
    (sex === null || sex === 'm' || sex === 'f' || sex === 'unknown') &&
    typeof edits === 'object' &&
    Object.entries(edits).every(
      ([id, edit]) => parameterIds.some((one) => one === id) && typeof edit.text === 'string',
    )
  );
}

/** What was typed since it was sent. */
export function withoutSent(now: Edits, sent: Edits): Edits {
  const isSent = (id: ParameterId, edit: Edit) =>
    sent[id]?.text === edit.text && sent[id].units === edit.units;
  return Object.fromEntries(Object.entries(now).filter(([id, edit]) => !isSent(id as ParameterId, edit)));
}

/** What stands in the field: what was typed, in the units of now, or what is stored. */
export function fieldText(id: ParameterId, edit: Edit | undefined, athlete: Athlete): string {
  if (edit === undefined) return typedValue(id, athlete, athlete.units);
  if (edit.units === athlete.units) return edit.text;
  const value = parsedValue(id, edit.text, edit.units);
  return typeof value === 'number' ? shownValue(id, value, athlete.units) : edit.text;
}

/** The value of a field in SI; what was not edited keeps every digit that is stored. */
export function fieldValue(
  id: ParameterId,
  edit: Edit | undefined,
  athlete: Athlete,
): number | null | undefined {
  if (edit === undefined || edit.text === typedValue(id, athlete, edit.units)) return athlete[id] ?? null;
  const value = parsedValue(id, edit.text, edit.units);
  return value === undefined ? parsedValue(id, edit.text, athlete.units) : value;
}

/** Only what was edited; the rest is not sent, so that rounding for the screen never reaches what is stored. */
export function changeOf(edits: Edits, athlete: Athlete): AthleteChange {
  const change: AthleteChange = {};
  for (const id of parameterIds) {
    const value = fieldValue(id, edits[id], athlete);
    if (value !== undefined && value !== (athlete[id] ?? null)) change[id] = value;
  }
  return change;
}
