import { leftOut, uncounted } from './scoreParts';

const JUNE = { first_day: '2026-06-01', last_day: '2026-06-30' };

test('a set that adds nothing says why: its day, its repetitions, or that they counted before', () => {
  const set = { counted: false, count: 4, day: '2026-06-30' };
  expect(leftOut({ ...set, counted: true }, JUNE)).toBeNull();
  expect(leftOut({ ...set, day: '2026-05-31' }, JUNE)).toBe('otherDay');
  expect(leftOut({ ...set, day: '2026-07-01' }, JUNE)).toBe('otherDay');
  expect(leftOut({ ...set, count: 0 }, JUNE)).toBe('noneCounts');
  expect(leftOut(set, JUNE)).toBe('again');
});

test('repetitions that do not count stand together by their reason', () => {
  const rep = (index: number, reason: string) => ({
    index,
    start_s: index,
    end_s: index + 1,
    counts: reason === 'counts',
    reason,
  });
  const reps = ['hips_sag', 'counts', 'not_complete', 'hips_sag'].map((reason, at) => rep(at + 1, reason));
  expect(uncounted(reps)).toEqual([
    { reason: 'hips_sag', indexes: [1, 4] },
    { reason: 'not_complete', indexes: [3] },
  ]);
  expect(uncounted([])).toEqual([]);
});
