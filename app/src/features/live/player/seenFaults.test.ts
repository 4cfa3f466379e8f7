import type { LiveSet } from '@/live/player/workout';

import { faultsSeen } from './seenFaults';

type Rep = LiveSet['reps'][number];
type Code = Rep['faults'][number]['code'];

const rep = (wrong: readonly Code[], complete = true): Rep => ({
  start_s: 0,
  turn_s: 1,
  end_s: 2,
  complete,
  range_m: 0.3,
  min_elbow_deg: null,
  max_elbow_deg: null,
  body_line_deg: null,
  score: null,
  faults: (['hips_sag', 'shallow_depth', 'too_fast'] as const).map((code) => ({
    code,
    decision: wrong.includes(code) ? 'fault' : 'borderline',
    probability: null,
    reason: 'beyond_limit',
    measured: null,
  })),
});
const set = (...reps: Rep[]): LiveSet => ({
  exercise: 'push_up',
  duration_s: 9,
  frames: 9,
  poses_found: 9,
  reps,
});

test('faults are counted over all counted repetitions, the most frequent first', () => {
  const sets = [
    set(rep(['shallow_depth']), rep(['too_fast'], false)),
    set(rep(['hips_sag', 'shallow_depth'])),
  ];
  expect(faultsSeen(sets)).toEqual([
    { code: 'shallow_depth', reps: 2 },
    { code: 'hips_sag', reps: 1 },
  ]);
  expect(faultsSeen([set(rep([]))])).toEqual([]);
});
