/** SI in, what people read out. The only place of the app where units are converted. */
import type { Sport, Units } from '@/api/types';

export type Quantity = { value: string; unit: UnitId };

/** Units whose names live in the language files. */
export type UnitId =
  | 'km'
  | 'mi'
  | 'm'
  | 'ft'
  | 'yd'
  | 'km_h'
  | 'mph'
  | 'min_km'
  | 'min_mi'
  | 'min_100m'
  | 'min_100yd'
  | 'bpm'
  | 'w'
  | 'rpm'
  | 'brpm'
  | 'min_500m'
  | 'spm'
  | 'celsius'
  | 'fahrenheit'
  | 'kg'
  | 'kj'
  | 'lb'
  | 'au'
  | 'deg'
  | 'percent'
  | 'ms'
  | 'mm'
  | 's'
  | 'none';

const M_PER_MILE = 1609.344;
const M_PER_FOOT = 0.3048;
const M_PER_YARD = 0.9144;
const KG_PER_POUND = 0.45359237;
const S_PER_HOUR = 3600;

const PACE_SPORTS: ReadonlySet<string> = new Set(['running', 'walking', 'hiking']);

function roundsToZero(value: number, digits: number): boolean {
  return Math.abs(value) * 10 ** digits < 0.5;
}

export function decimal(value: number, digits: number, language: string): string {
  return new Intl.NumberFormat(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(roundsToZero(value, digits) ? 0 : value);
}

/** `1:02:03` or `4:05`; whole seconds. */
export function clock(seconds: number): string {
  const total = Math.round(Math.abs(seconds));
  const hours = Math.floor(total / S_PER_HOUR);
  const minutes = Math.floor((total % S_PER_HOUR) / 60);
  const rest = String(total % 60).padStart(2, '0');
  const sign = seconds < 0 && total > 0 ? '-' : '';
  return hours > 0
    ? `${sign}${hours}:${String(minutes).padStart(2, '0')}:${rest}`
    : `${sign}${minutes}:${rest}`;
}

export function distance(meters: number, units: Units, language: string, sport?: Sport | string): Quantity {
  if (sport === 'swimming') {
    return units === 'metric'
      ? { value: decimal(meters, 0, language), unit: 'm' }
      : { value: decimal(meters / M_PER_YARD, 0, language), unit: 'yd' };
  }
  const long = units === 'metric' ? meters / 1000 : meters / M_PER_MILE;
  const digits = long >= 100 ? 1 : 2;
  return { value: decimal(long, digits, language), unit: units === 'metric' ? 'km' : 'mi' };
}

/** The distance of a race: `10 km`, `21.1 km`. */
export function raceDistance(meters: number, units: Units, language: string): Quantity {
  const long = units === 'metric' ? meters / 1000 : meters / M_PER_MILE;
  const digits = Math.abs(long - Math.round(long)) < 0.05 ? 0 : 1;
  return { value: decimal(long, digits, language), unit: units === 'metric' ? 'km' : 'mi' };
}

export function elevation(meters: number, units: Units, language: string): Quantity {
  return units === 'metric'
    ? { value: decimal(meters, 0, language), unit: 'm' }
    : { value: decimal(meters / M_PER_FOOT, 0, language), unit: 'ft' };
}

export function mass(kilograms: number, units: Units, language: string): Quantity {
  return units === 'metric'
    ? { value: decimal(kilograms, 1, language), unit: 'kg' }
    : { value: decimal(kilograms / KG_PER_POUND, 1, language), unit: 'lb' };
}

export function massToKg(shown: number, units: Units): number {
  return units === 'metric' ? shown : shown * KG_PER_POUND;
}

export function temperature(celsius: number, units: Units, language: string): Quantity {
  return units === 'metric'
    ? { value: decimal(celsius, 0, language), unit: 'celsius' }
    : { value: decimal((celsius * 9) / 5 + 32, 0, language), unit: 'fahrenheit' };
}

export function showsPace(sport: Sport | string): boolean {
  return PACE_SPORTS.has(sport) || sport === 'swimming' || sport === 'rowing';
}

/** Metres that one pace figure of this sport counts. */
export function paceMeters(sport: Sport | string, units: Units): number {
  if (sport === 'swimming') return units === 'metric' ? 100 : 100 * M_PER_YARD;
  if (sport === 'rowing') return 500;
  return units === 'metric' ? 1000 : M_PER_MILE;
}

/** Pace where the sport is paced, speed elsewhere; null when nothing moved. */
export function speed(
  metersPerSecond: number,
  sport: Sport | string,
  units: Units,
  language: string,
): Quantity | null {
  if (!showsPace(sport)) {
    const perHour = metersPerSecond * S_PER_HOUR;
    return units === 'metric'
      ? { value: decimal(perHour / 1000, 1, language), unit: 'km_h' }
      : { value: decimal(perHour / M_PER_MILE, 1, language), unit: 'mph' };
  }
  if (metersPerSecond <= 0.1) return null;
  const pace_s = paceMeters(sport, units) / metersPerSecond;
  if (sport === 'swimming') {
    return { value: clock(pace_s), unit: units === 'metric' ? 'min_100m' : 'min_100yd' };
  }
  if (sport === 'rowing') return { value: clock(pace_s), unit: 'min_500m' };
  return { value: clock(pace_s), unit: units === 'metric' ? 'min_km' : 'min_mi' };
}

/** `4:30` or `4.5` minutes a unit of distance, as typed by a person, to m/s; null when it is not a pace. */
export function paceToSpeed(typed: string, sport: Sport | string, units: Units): number | null {
  const match = /^\s*(\d{1,2})(?::([0-5]?\d))?\s*$/.exec(typed);
  if (match === null) return null;
  const pace_s = Number(match[1]) * 60 + Number(match[2] ?? 0);
  return pace_s > 0 ? paceMeters(sport, units) / pace_s : null;
}

/** A number as typed in the person's language; null when it is not one. */
export function typedNumber(typed: string): number | null {
  const plain = typed.trim().replace(',', '.');
  if (plain === '') return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}
