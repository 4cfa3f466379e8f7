import type { ActivityStreams } from '@/api/types';

import { candidates, onGrid, paired } from './compare';

test('between two samples the value lies on the straight line, over gaps and beyond the end there is none', () => {
  const side = { axis: [0, 10, 20, 400, 410], values: [100, 200, null, 300, 310] };
  expect(onGrid(side, [0, 5, 10, 15, 200, 405, 500])).toEqual([100, 150, 200, null, null, 305, null]);
  expect(onGrid({ axis: [10, 20], values: [1, 2] }, [0, 10])).toEqual([null, 1]);
});

function streams(start: number, power: number[], distance: number[] | null): ActivityStreams {
  return {
    t_s: power.map((_, index) => start + 10 * index),
    channels: { power_w: power, ...(distance ? { distance_m: distance } : {}) },
  } as unknown as ActivityStreams;
}

test('both begin at nought, and only what both recorded is drawn', () => {
  const first = streams(0, [100, 110, 120], [0, 100, 200]);
  const second = streams(5000, [200, 220, 240, 260, 280], [0, 50, 100, 150, 200]);
  const byTime = paired(first, second, 'time', 5);
  expect(byTime.axis).toEqual([0, 10, 20, 30, 40]);
  expect(byTime.panels.map((panel) => panel.id)).toEqual(['power']);
  expect(byTime.panels[0]?.first).toEqual([100, 110, 120, null, null]);
  const byDistance = paired(first, second, 'distance', 5);
  expect(byDistance.axis).toEqual([0, 50, 100, 150, 200]);
  expect(byDistance.panels[0]?.first).toEqual([100, 105, 110, 115, 120]);
  expect(byDistance.panels[0]?.second).toEqual([200, 220, 240, 260, 280]);
  expect(paired(first, streams(0, [1, 2], null), 'distance', 5).panels).toEqual([]);
});

test('the same sport comes first', () => {
  const run = { id: 'a', sport: 'running' };
  const all = [{ id: 'b', sport: 'cycling' }, run, { id: 'c', sport: 'running' }];
  expect(candidates(all, run).map((one) => one.id)).toEqual(['c', 'b']);
});
