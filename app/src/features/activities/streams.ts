/** Which streams are drawn, how, and on which axis. Pure. */
import type { ActivityStreams, Sport } from '@/api/types';
import type { ColorName } from '@/design';
import { extentOf, observedFraction, type Sample, smooth } from '@/lib/series';

export type BaseAxis = 'time' | 'distance';

export type PanelId =
  | 'altitude'
  | 'speed'
  | 'hr'
  | 'power'
  | 'reserve'
  | 'cadence'
  | 'respiration'
  | 'temperature'
  | 'contact'
  | 'oscillation';

export type Panel = {
  id: PanelId;
  values: Sample[];
  tone: ColorName;
  filled: boolean;
  smallestSpan: number;
  floor?: number;
  limits?: readonly [number, number];
};

const LEAST_OBSERVED = 0.02;
const PACE_SMOOTHING_S = 15;
/** Slower than this a runner stands; the scale of the chart does not stretch to it. */
const OUTLIER_FRACTION = 0.02;

type Kind = Omit<Panel, 'values' | 'limits'> & {
  channel: string;
  smoothing_s?: number;
  cutOutliers?: boolean;
};

const kinds: readonly Kind[] = [
  {
    id: 'power',
    channel: 'power_w',
    tone: 'power',
    filled: false,
    smallestSpan: 50,
    floor: 0,
    cutOutliers: true,
  },
  { id: 'reserve', channel: 'w_prime_balance_j', tone: 'power', filled: false, smallestSpan: 5000 },
  { id: 'hr', channel: 'hr_bpm', tone: 'hr', filled: false, smallestSpan: 30, floor: 0 },
  {
    id: 'speed',
    channel: 'speed_m_s',
    tone: 'speed',
    filled: false,
    smallestSpan: 1,
    floor: 0,
    smoothing_s: PACE_SMOOTHING_S,
    cutOutliers: true,
  },
  { id: 'altitude', channel: 'altitude_m', tone: 'altitude', filled: true, smallestSpan: 30 },
  {
    id: 'cadence',
    channel: 'cadence_rpm',
    tone: 'cadence',
    filled: false,
    smallestSpan: 20,
    floor: 0,
    cutOutliers: true,
  },
  {
    id: 'cadence',
    channel: 'cadence_spm',
    tone: 'cadence',
    filled: false,
    smallestSpan: 20,
    floor: 0,
    cutOutliers: true,
  },
  {
    id: 'respiration',
    channel: 'respiration_rpm',
    tone: 'temperature',
    filled: false,
    smallestSpan: 10,
    floor: 0,
  },
  {
    id: 'contact',
    channel: 'ground_contact_ms',
    tone: 'cadence',
    filled: false,
    smallestSpan: 50,
    floor: 0,
    cutOutliers: true,
  },
  {
    id: 'oscillation',
    channel: 'vertical_oscillation_m',
    tone: 'cadence',
    filled: false,
    smallestSpan: 0.02,
    floor: 0,
  },
  { id: 'temperature', channel: 'temperature_c', tone: 'temperature', filled: false, smallestSpan: 6 },
];

/** Lowest and highest value without the rarest ones at either end. */
export function typicalRange(values: readonly Sample[]): readonly [number, number] | undefined {
  const sorted = values.filter((value): value is number => value !== null).sort((a, b) => a - b);
  if (sorted.length < 1 / OUTLIER_FRACTION) return undefined;
  const cut = Math.floor(sorted.length * OUTLIER_FRACTION);
  const low = sorted[cut];
  const high = sorted[sorted.length - 1];
  return low === undefined || high === undefined ? undefined : [low, high];
}

/** The streams worth a panel: observed now and then, and not the same all the time at zero. */
export function panelsOf(streams: ActivityStreams): Panel[] {
  const panels: Panel[] = [];
  for (const { channel, smoothing_s, cutOutliers, ...panel } of kinds) {
    const raw = streams.channels[channel];
    if (raw === undefined || observedFraction(raw) < LEAST_OBSERVED) continue;
    const extent = extentOf(raw);
    if (extent === null || (panel.floor === 0 && extent[1] <= 0)) continue;
    if (panels.some((known) => known.id === panel.id)) continue;
    const values = smoothing_s === undefined ? raw : smooth(streams.t_s, raw, smoothing_s);
    panels.push({ ...panel, values, limits: cutOutliers ? typicalRange(values) : undefined });
  }
  return panels;
}

/** Distance as an increasing axis, with gaps bridged; null when the file holds none. */
export function distanceAxis(streams: ActivityStreams): number[] | null {
  const raw = streams.channels.distance_m;
  if (raw === undefined || observedFraction(raw) < 0.5) return null;
  let last = 0;
  const axis = raw.map((value) => {
    last = value === null ? last : Math.max(last, value);
    return last;
  });
  return last > 0 ? axis : null;
}

/** Steps people count in: so many to the axis that about five fit. */
export function timeTicks(length_s: number, most: number): number[] {
  const steps = [10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];
  const step = steps.find((candidate) => length_s / candidate <= most) ?? 86_400;
  const ticks: number[] = [];
  for (let at = 0; at <= length_s; at += step) ticks.push(at);
  return ticks;
}

export function isPaced(sport: Sport): boolean {
  return (
    sport === 'running' ||
    sport === 'walking' ||
    sport === 'hiking' ||
    sport === 'swimming' ||
    sport === 'rowing'
  );
}
