/** Tests as typed, ages and what can be put in use. Pure. */
import type { Threshold, ThresholdEvidence, ThresholdProtocol, Units } from '@/api/types';
import { paceMeters, paceToSpeed, typedNumber } from '@/lib/units';

export type ThresholdId = Threshold['quantity'];
/** A threshold of which training says something; that of running power is what the athlete says. */
type LearnedId = Exclude<ThresholdId, `run_power_${string}`>;
/** One for which there are tests, too. */
export type TestedId = Exclude<LearnedId, 'hr_max_bpm'>;
export type ThresholdInUse = Threshold['history'][number];

/** The day from which on something holds that has no known beginning. */
export const SINCE_ALWAYS = '1900-01-01';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function isPastDay(day: string, today: string): boolean {
  return DAY.test(day) && day >= SINCE_ALWAYS && day <= today;
}

export function isLearned(id: ThresholdId): id is LearnedId {
  return !id.startsWith('run_power_');
}

export function isTested(id: ThresholdId): id is TestedId {
  return isLearned(id) && id !== 'hr_max_bpm';
}

export function isPace(id: ThresholdId): boolean {
  return id === 'threshold_speed_m_s' || id === 'css_m_s';
}

/** A value as precise as it is shown, so that what is put in use is what was read. */
export function usable(id: ThresholdId, value: number): number {
  return isPace(id) ? Math.round(value * 1000) / 1000 : Math.round(value);
}

type InputKind = 'power' | 'time' | 'distance' | 'pace' | 'beats';
type Input = { name: string; kind: InputKind; repeated?: true };

/** What each test asks for, by the names that the server knows. */
const inputsOf: Record<ThresholdProtocol, readonly Input[]> = {
  power_20min: [{ name: 'power_w', kind: 'power' }],
  power_60min: [{ name: 'power_w', kind: 'power' }],
  power_ramp: [{ name: 'power_w', kind: 'power' }],
  power_efforts: [
    { name: 'efforts_power_w', kind: 'power', repeated: true },
    { name: 'efforts_s', kind: 'time', repeated: true },
  ],
  power_lab: [{ name: 'power_w', kind: 'power' }],
  run_race: [
    { name: 'distance_m', kind: 'distance' },
    { name: 'time_s', kind: 'time' },
  ],
  run_30min: [{ name: 'distance_m', kind: 'distance' }],
  run_efforts: [
    { name: 'efforts_m', kind: 'distance', repeated: true },
    { name: 'efforts_s', kind: 'time', repeated: true },
  ],
  run_lab: [{ name: 'speed_m_s', kind: 'pace' }],
  swim_400_200: [
    { name: 't400_s', kind: 'time' },
    { name: 't200_s', kind: 'time' },
  ],
  heart_rate_30min: [{ name: 'hr_bpm', kind: 'beats' }],
  heart_rate_lab: [{ name: 'hr_bpm', kind: 'beats' }],
};

export const protocolsOf: Record<TestedId, readonly [ThresholdProtocol, ...ThresholdProtocol[]]> = {
  ftp_w: ['power_20min', 'power_60min', 'power_ramp', 'power_efforts', 'power_lab'],
  threshold_speed_m_s: ['run_30min', 'run_race', 'run_efforts', 'run_lab'],
  css_m_s: ['swim_400_200'],
  lthr_bpm: ['heart_rate_30min', 'heart_rate_lab'],
};

export function isProtocol(word: string): word is ThresholdProtocol {
  return word in inputsOf;
}

const EFFORTS = 3;

/** One field of the form; those of several efforts stand next to each other by `effort`. */
export type Cell = { key: string; name: string; kind: InputKind; effort: number | null };

export function cellsOf(protocol: ThresholdProtocol): Cell[] {
  const inputs = inputsOf[protocol];
  const single = inputs.filter((input) => !input.repeated);
  const repeated = inputs.filter((input) => input.repeated);
  return [
    ...single.map(({ name, kind }) => ({ key: name, name, kind, effort: null })),
    ...Array.from({ length: EFFORTS }, (_, index) =>
      repeated.map(({ name, kind }) => ({ key: `${name}.${index}`, name, kind, effort: index + 1 })),
    ).flat(),
  ];
}

/** The fields of all tests of a threshold with nothing typed in them. */
export function emptyCells(id: TestedId): Record<string, string> {
  return Object.fromEntries(
    protocolsOf[id].flatMap((protocol) => cellsOf(protocol).map(({ key }) => [key, ''])),
  );
}

/** The names under which what is typed in the two dialogs of a threshold is kept. */
export const valueDraft = (id: ThresholdId) => `threshold.${id}`;
export const testDraft = (id: ThresholdId) => `threshold-test.${id}`;

/** `20:00` or `1:02:03`, tenths allowed, in seconds; null when it is no time. */
export function typedTime(typed: string): number | null {
  const match = /^\s*(?:(\d{1,2}):)?(\d{1,3}):([0-5]?\d(?:[.,]\d+)?)\s*$/.exec(typed);
  if (match === null) return null;
  const seconds = Number((match[3] ?? '').replace(',', '.'));
  const total = Number(match[1] ?? 0) * 3600 + Number(match[2]) * 60 + seconds;
  return total > 0 ? total : null;
}

/** What was typed into a field in SI; null when it is no possible value. */
export function cellValue(kind: InputKind, typed: string, units: Units): number | null {
  if (kind === 'time') return typedTime(typed);
  if (kind === 'pace') return paceToSpeed(typed, 'running', units);
  const value = typedNumber(typed);
  if (value === null || value <= 0) return null;
  return kind === 'distance' ? value * paceMeters('running', units) : value;
}

/** The test as the server takes it; null while a field holds no possible value. */
export function testInputs(
  protocol: ThresholdProtocol,
  typed: Readonly<Record<string, string>>,
  units: Units,
): Record<string, number | number[]> | null {
  const inputs: Record<string, number | number[]> = {};
  for (const cell of cellsOf(protocol)) {
    const value = cellValue(cell.kind, typed[cell.key] ?? '', units);
    if (value === null) return null;
    const known = inputs[cell.name];
    if (cell.effort === null) inputs[cell.name] = value;
    else inputs[cell.name] = Array.isArray(known) ? [...known, value] : [value];
  }
  return inputs;
}

type Suggested = Threshold & { estimate: NonNullable<Threshold['estimate']> };

/** Older evidence tells of another athlete: the screen of the thresholds shows it with its age, nothing suggests it. */
const SUGGESTED_UP_TO_DAYS = 365;

/** The newest evidence that upholds the estimate: easy sessions far below it say nothing new. */
export function newestOf({ estimate, evidence }: Threshold): ThresholdEvidence | undefined {
  return evidence.find(
    (one) => !one.set_aside && (!one.is_lower_bound || (estimate !== null && one.value >= estimate.low)),
  );
}

/**
 * Thresholds for which there is evidence of the last year and about which nothing was decided yet. Of a maximal heart rate
 * that was never said, training alone does not tell how far below it stayed.
 */
export function suggested(thresholds: readonly Threshold[]): Suggested[] {
  return thresholds.filter(
    (one): one is Suggested =>
      one.estimate !== null &&
      one.in_use === null &&
      one.quantity !== 'hr_max_bpm' &&
      (newestOf(one)?.age_days ?? Infinity) <= SUGGESTED_UP_TO_DAYS,
  );
}

export type Doubted = Suggested & { in_use: { value: number } };

/** Whether it also counts for all days before the one from which on it holds: nothing was said of them. */
export function isFirst(history: readonly ThresholdInUse[], one: ThresholdInUse): boolean {
  return history[0]?.valid_from === one.valid_from;
}

export function agrees(estimate: { low: number; high: number }, used: number): boolean {
  return used >= estimate.low && used <= estimate.high;
}

/** Thresholds in use below what the evidence shows; efforts are lower bounds, so too little evidence proves nothing. */
export function doubted(thresholds: readonly Threshold[]): Doubted[] {
  return thresholds.filter((one): one is Doubted => {
    const used = one.in_use?.value;
    return one.estimate !== null && typeof used === 'number' && used < one.estimate.low;
  });
}

/** Whether putting this test in use would change what holds today. */
export function canUse(evidence: ThresholdEvidence, inUse: ThresholdInUse | null): boolean {
  if (evidence.kind !== 'test') return false;
  if (inUse === null || evidence.date > inUse.valid_from) return true;
  return evidence.date === inUse.valid_from && inUse.origin !== 'test';
}

const DAYS_OF_MONTH = 30.44;
const DAYS_OF_YEAR = 365.25;

/** `today`, `12 days ago`, `5 months ago` in the person's language. */
export function ageText(days: number, language: string): string {
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  if (days < 60) return words.format(-days, 'day');
  if (days < 2 * DAYS_OF_YEAR) return words.format(-Math.round(days / DAYS_OF_MONTH), 'month');
  return words.format(-Math.round(days / DAYS_OF_YEAR), 'year');
}
