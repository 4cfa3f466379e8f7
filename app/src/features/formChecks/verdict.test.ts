import type { FormFault, FormRep } from '@/api/types';

import {
  faultSummaries,
  judgedReps,
  notableFaults,
  prevailingFault,
  recommendationsOf,
  repAt,
  seenFaults,
  unseenReasons,
  warningCode,
  warningText,
} from './verdict';

const fault = (
  code: string,
  decision: string,
  probability: number | null = null,
  reason = '',
): FormFault => ({
  code,
  decision,
  probability,
  reason,
});
const rep = (index: number, faults: FormFault[], complete = true): FormRep => ({
  index,
  start_s: index * 2,
  end_s: index * 2 + 1.5,
  complete,
  faults,
});

const reps = [
  rep(1, [
    fault('hips_sag', 'fault', 0.9),
    fault('too_fast', 'borderline', 0.5),
    fault('elbow_flare', 'abstain', null, 'view_not_front'),
  ]),
  rep(2, [
    fault('hips_sag', 'none', 0.1),
    fault('too_fast', 'fault', 0.8),
    fault('elbow_flare', 'abstain', null, 'view_not_front'),
  ]),
  rep(3, [fault('hips_sag', 'fault', 0.9)], false),
];

test('the repetition that the video shows', () => {
  expect(repAt(reps, 2.5)?.index).toBe(1);
  expect(repAt(reps, 3.8)).toBeNull();
});

test('clear faults come before close ones; what was not seen is no fault', () => {
  expect(notableFaults(reps[0] as FormRep).map((item) => item.code)).toEqual(['hips_sag', 'too_fast']);
});

test('only counted repetitions are summed up, and not seen stays apart from fine', () => {
  expect(faultSummaries(reps)).toEqual([
    { code: 'too_fast', faulty: 1, borderline: 1, unseen: 0 },
    { code: 'hips_sag', faulty: 1, borderline: 0, unseen: 0 },
    { code: 'elbow_flare', faulty: 0, borderline: 0, unseen: 2 },
  ]);
  expect(unseenReasons(reps)).toEqual(['view_not_front']);
});

test('a fault prevails when most counted repetitions show it', () => {
  const fast = (index: number, decision: string) => rep(index, [fault('too_fast', decision)]);
  expect(prevailingFault([fast(1, 'fault'), fast(2, 'fault'), fast(3, 'none')])).toBe('too_fast');
  expect(prevailingFault([fast(1, 'fault'), fast(2, 'none')])).toBeNull();
  expect(prevailingFault([])).toBeNull();
});

test('a fault of a single repetition is seen, and one of a hold is, too', () => {
  const clean = rep(1, [fault('hips_sag', 'none')]);
  expect(seenFaults({ reps: [clean, rep(2, [fault('hips_sag', 'fault')])] })).toEqual([
    { code: 'hips_sag', faulty: 1, borderline: 0, unseen: 0 },
  ]);
  expect(seenFaults({ reps: [clean, rep(2, [fault('hips_sag', 'borderline')])] })).toEqual([]);
  const hold = { held_s: 61, start_s: 2, end_s: 63, line_deg: -4, faults: [fault('hips_sag', 'fault')] };
  expect(judgedReps({ reps: [], hold })).toMatchObject([{ start_s: 2, end_s: 63, complete: true }]);
  expect(seenFaults({ reps: [], hold }).map(({ code }) => code)).toEqual(['hips_sag']);
});

test('loosely typed parts are checked', () => {
  expect(recommendationsOf([{ drill: 'Plank' }, { fault: 'hips_sag', drill: 'Plank', variant: 3 }])).toEqual([
    { fault: 'hips_sag', drill: 'Plank', variant: null, next_set: null },
  ]);
  expect(warningText({ code: 'x', message: 'Too dark' })).toBe('Too dark');
  expect(warningText('Too dark')).toBe('Too dark');
  expect(warningText(7)).toBeNull();
  expect([{ code: 'too_dark' }, { code: 7 }, 'Too dark', null].map(warningCode)).toEqual([
    'too_dark',
    null,
    null,
    null,
  ]);
});
