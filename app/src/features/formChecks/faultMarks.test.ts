import type { FormRep } from '@/api/types';

import { faultRows, marksAt, neighbourMark } from './faultMarks';

const rep = (index: number, decision: string, window_s?: [number, number]): FormRep => ({
  index,
  start_s: index * 2,
  end_s: index * 2 + 1.5,
  complete: true,
  faults: [
    { code: 'hips_sag', decision, window_s },
    { code: 'too_fast', decision: 'none' },
  ],
});
const rows = faultRows([rep(1, 'fault', [2.5, 3]), rep(2, 'none'), rep(3, 'borderline')]);

test('only what was seen or nearly seen gets a row, with the window of its evidence', () => {
  expect(rows).toEqual([
    {
      code: 'hips_sag',
      marks: [
        { from_s: 2.5, to_s: 3, isClear: true, repIndex: 1 },
        { from_s: 6, to_s: 7.5, isClear: false, repIndex: 3 },
      ],
    },
  ]);
});

test('from mark to mark, both ways', () => {
  expect(neighbourMark(rows, 0, 1)).toBe(2.5);
  expect(neighbourMark(rows, 2.5, 1)).toBe(6);
  expect(neighbourMark(rows, 2.5, -1)).toBeNull();
  expect(neighbourMark(rows, 7, -1)).toBe(6);
});

test('what is marked at a time', () => {
  expect(marksAt(rows, 2.7)).toEqual(['hips_sag']);
  expect(marksAt(rows, 5)).toEqual([]);
});
