/** The numbers of a profile as typed, and back. Pure. */
import type { Athlete, Units } from '@/api/types';
import { clock, massToKg, paceMeters, paceToSpeed, typedNumber } from '@/lib/units';

export type ParameterId =
  'mass_kg' | 'hr_rest_bpm' | 'hr_max_bpm' | 'lthr_bpm' | 'ftp_w' | 'threshold_speed_m_s' | 'css_m_s';

export const parameterIds: readonly ParameterId[] = [
  'mass_kg',
  'hr_rest_bpm',
  'hr_max_bpm',
  'lthr_bpm',
  'ftp_w',
  'threshold_speed_m_s',
  'css_m_s',
];

const limits: Record<ParameterId, readonly [number, number]> = {
  mass_kg: [20, 400],
  hr_rest_bpm: [20, 260],
  hr_max_bpm: [20, 260],
  lthr_bpm: [20, 260],
  ftp_w: [20, 700],
  threshold_speed_m_s: [0.5, 8],
  css_m_s: [0.2, 3],
};

const KG_PER_POUND = 0.45359237;

function trimmed(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** What stands in the field; empty means "I don't know". */
export function typedValue(id: ParameterId, athlete: Athlete, units: Units): string {
  const value = athlete[id];
  if (value === null || value === undefined) return '';
  switch (id) {
    case 'mass_kg':
      return trimmed(units === 'metric' ? value : value / KG_PER_POUND);
    case 'threshold_speed_m_s':
      return clock(paceMeters('running', units) / value);
    case 'css_m_s':
      return clock(paceMeters('swimming', units) / value);
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
  const si = id === 'mass_kg' ? massToKg(value, units) : value;
  const [low, high] = limits[id];
  return si >= low && si <= high ? si : undefined;
}
