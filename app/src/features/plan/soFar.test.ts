import { soFar } from './soFar';

const step = (verdict: string) => ({ verdict });

test('only what is due counts, and of steps only what was measured', () => {
  expect(
    soFar([
      { status: 'done', steps: [step('met'), step('below'), step('unmeasured')] },
      { status: 'done', steps: [] },
      { status: 'skipped' },
      { status: 'missed', steps: [step('missed')] },
      { status: 'upcoming' },
    ]),
  ).toEqual({ sessions: 4, done: 2, steps: 2, met: 1 });
  expect(soFar([{ status: 'upcoming' }])).toEqual({ sessions: 0, done: 0, steps: 0, met: 0 });
});
