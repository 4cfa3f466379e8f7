import type { Threshold } from '@/api/types';

import { type Doubted, doubted } from './entry';
import { keeping, keptIn, toAsk } from './kept';

const threshold = (used: number | null, value: number, low: number, high: number) =>
  ({
    quantity: 'ftp_w',
    estimate: { value, low, high },
    in_use: { valid_from: '2026-03-01', value: used, origin: 'entered' },
  }) as Threshold;

const found = (...thresholds: Threshold[]) => doubted(thresholds).map(({ in_use: inUse }) => inUse.value);

test('a value in use is doubted where it lies below what the evidence shows', () => {
  expect(found(threshold(120, 224, 209, 238), threshold(250, 224, 209, 238))).toEqual([120]);
  expect(found(threshold(209, 224, 209, 238), threshold(238, 224, 209, 238))).toEqual([]);
});

test('nothing is doubted without evidence, without a value in use or after somebody said that it is unknown', () => {
  const used = threshold(120, 224, 209, 238);
  expect(
    found({ ...used, estimate: null }, { ...used, in_use: null }, threshold(null, 224, 209, 238)),
  ).toEqual([]);
});

describe('a value that was kept', () => {
  const [asked] = doubted([threshold(120, 224, 209, 238)]) as [Doubted];
  const kept = keptIn(JSON.stringify({ ftp_w: keeping(asked) }));
  const isAsked = (...given: [number, number, number, number]) =>
    toAsk(doubted([threshold(...given)]), kept).length === 1;

  test('is not asked about again while the evidence stays within its range', () => {
    expect(toAsk([asked], {})).toEqual([asked]);
    expect(toAsk([asked], kept)).toEqual([]);
    expect(isAsked(120, 236, 225, 247)).toBe(false);
  });

  test('is asked about again once the evidence says something else, or another value is in use', () => {
    expect(isAsked(120, 240, 229, 251)).toBe(true);
    expect(isAsked(120, 200, 190, 210)).toBe(true);
    expect(isAsked(130, 224, 209, 238)).toBe(true);
  });
});

test('a kept highest heart rate is asked about again only when training reaches more', () => {
  const highest = (value: number) => ({
    ...threshold(184, value, value, value),
    quantity: 'hr_max_bpm' as const,
  });
  const [asked] = doubted([highest(190)]) as [Doubted];
  const kept = keptIn(JSON.stringify({ hr_max_bpm: keeping(asked) }));
  expect(toAsk(doubted([highest(187)]), kept)).toEqual([]);
  expect(toAsk(doubted([highest(190)]), kept)).toEqual([]);
  expect(toAsk(doubted([highest(191)]), kept)).toHaveLength(1);
});

test.each([null, '', 'no', '7', '{"ftp_w": 3}', '{"ftp_w": {"used": "120"}}'])(
  '%p remembers nothing',
  (stored) => {
    expect(keptIn(stored)).toEqual({});
  },
);
