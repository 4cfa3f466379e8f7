/** Two activities on one axis, and their figures side by side. Pure. */
import type { ActivityDetail, ActivityStreams } from '@/api/types';
import type { Sample } from '@/lib/series';

import { type BaseAxis, distanceAxis, type Panel, panelsOf } from './streams';

export type Side = { axis: readonly number[]; values: readonly Sample[] };
export type PairedPanel = Omit<Panel, 'values' | 'limits'> & { first: Sample[]; second: Sample[] };
export type Paired = { axis: number[]; panels: PairedPanel[] };

/** Farther from both neighbours than this many steps of the grid, nothing is known. */
const LONGEST_REACH = 2;

/** The values at the places of a grid: between two samples on the straight line, over gaps and beyond the end nothing. */
export function onGrid({ axis, values }: Side, grid: readonly number[]): Sample[] {
  const step = (grid[1] ?? 0) - (grid[0] ?? 0);
  let at = 0;
  return grid.map((place) => {
    while (at < axis.length - 1 && (axis[at + 1] ?? Infinity) <= place) at += 1;
    const [x0, x1] = [axis[at], axis[at + 1]];
    const [y0, y1] = [values[at] ?? null, values[at + 1] ?? null];
    if (x0 === undefined || place < x0) return null;
    if (place === x0) return y0;
    if (x1 === undefined || y0 === null || y1 === null) return null;
    if (x1 - x0 > Math.max(LONGEST_REACH * step, 60)) return null;
    return y0 + ((y1 - y0) * (place - x0)) / (x1 - x0);
  });
}

function axisOf(streams: ActivityStreams, base: BaseAxis): number[] | null {
  if (base === 'distance') return distanceAxis(streams);
  const start = streams.t_s[0] ?? 0;
  return streams.t_s.map((at) => at - start);
}

/** Whether both tell how far they were at each moment. */
export function bothMeasureDistance(first: ActivityStreams, second: ActivityStreams): boolean {
  return distanceAxis(first) !== null && distanceAxis(second) !== null;
}

/** What both recorded, on a grid as long as the longer of them. */
export function paired(
  first: ActivityStreams,
  second: ActivityStreams,
  base: BaseAxis,
  places: number,
): Paired {
  const [a, b] = [axisOf(first, base), axisOf(second, base)];
  if (a === null || b === null) return { axis: [], panels: [] };
  const end = Math.max(a.at(-1) ?? 0, b.at(-1) ?? 0);
  if (end <= 0) return { axis: [], panels: [] };
  const grid = Array.from({ length: places }, (_, index) => (index * end) / (places - 1));
  const others = new Map(panelsOf(second).map((panel) => [panel.id, panel]));
  const panels = panelsOf(first).flatMap(({ values, limits: _limits, ...panel }) => {
    const other = others.get(panel.id);
    if (other === undefined) return [];
    return [
      {
        ...panel,
        first: onGrid({ axis: a, values }, grid),
        second: onGrid({ axis: b, values: other.values }, grid),
      },
    ];
  });
  return { axis: grid, panels };
}

export type FigureId =
  'distance' | 'movingTime' | 'elapsedTime' | 'speed' | 'ascent' | 'hrMean' | 'powerMean' | 'load';
export type Figure = { id: FigureId; first: number | null; second: number | null };

const readers: Record<FigureId, (activity: ActivityDetail) => number | null | undefined> = {
  distance: (one) => one.distance_m,
  movingTime: (one) => one.moving_s ?? one.timer_s,
  elapsedTime: (one) => one.elapsed_s,
  speed: (one) => (one.leg_count === 1 ? one.speed_mean_m_s : null),
  ascent: (one) => one.ascent_m,
  hrMean: (one) => one.hr_mean_bpm,
  powerMean: (one) => one.power_mean_w,
  load: (one) => one.load_au,
};

/** The figures that at least one of them has. */
export function figuresOf(first: ActivityDetail, second: ActivityDetail): Figure[] {
  return (Object.keys(readers) as FigureId[])
    .map((id) => ({ id, first: readers[id](first) ?? null, second: readers[id](second) ?? null }))
    .filter((figure) => figure.first !== null || figure.second !== null);
}

/** Those of the same sport first, each group as it came, without the activity itself. */
export function candidates<One extends { id: string; sport: string }>(
  all: readonly One[],
  of: { id: string; sport: string },
): One[] {
  const others = all.filter((one) => one.id !== of.id);
  return [
    ...others.filter((one) => one.sport === of.sport),
    ...others.filter((one) => one.sport !== of.sport),
  ];
}
