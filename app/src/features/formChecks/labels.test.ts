import { canMark, mark, type Marked, withComplete, withFault, withoutRep } from './labels';

const empty: Marked = { reps: [], open: null };
const one = mark(mark(mark(empty, 'start', 1), 'turn', 1.8), 'end', 2.5);

test('start, turn and end make a repetition', () => {
  expect(one).toEqual({
    reps: [{ start_s: 1, turn_s: 1.8, end_s: 2.5, complete: true, faults: [] }],
    open: null,
  });
});

test('what is out of order changes nothing', () => {
  expect(mark(empty, 'end', 3)).toBe(empty);
  const open = mark(one, 'start', 3);
  expect(mark(open, 'end', 2.9)).toBe(open);
  expect(canMark(one, 'start', 2)).toBe(false);
  const before = mark(one, 'start', 0.2);
  expect(canMark(before, 'end', 2.8)).toBe(false);
  expect(mark(before, 'end', 0.9).reps.map((rep) => rep.start_s)).toEqual([0.2, 1]);
});

test('faults and completeness of one repetition', () => {
  const faulty = withFault(withFault(one, 0, 'hips_sag', true), 0, 'hips_sag', true);
  expect(faulty.reps[0]?.faults).toEqual(['hips_sag']);
  expect(withFault(faulty, 0, 'hips_sag', false).reps[0]?.faults).toEqual([]);
  expect(withComplete(one, 0, false).reps[0]?.complete).toBe(false);
  expect(withoutRep(one, 0)).toEqual(empty);
});
