import type { Fitness, Plan } from '@/api/types';
import { apiErrorFrom } from '@/api/errors';

import { assumedOf, filledInOf } from './assumed';
import { agreed, othersOn, questionOf } from './move';
import { problemsOf, raceProblems, requestOf, startingForm } from './order';
import { plannedTime_s, racesOf } from './season';

const order = { sessionId: 's', to: '2026-06-10' };

describe('a question about a move', () => {
  test('no time: the minutes that are needed are given to these dates, and what was remarked is confirmed', () => {
    const question = questionOf(
      apiErrorFrom(409, {
        code: 'plan_needs_time',
        detail: 'You offered no time on Wednesday 10 June.',
        days: [{ date: '2026-06-10', offered_minutes: 0, needed_minutes: 45 }],
        remarks: [{ rule: 'taper', detail: 'a little much' }],
      }),
    );
    expect(question).toEqual({
      kind: 'time',
      days: [{ date: '2026-06-10', offered: 0, needed: 45 }],
      remarks: [{ rule: 'taper', detail: 'a little much' }],
    });
    expect(question && agreed({ ...order, swapWith: 'b', offer: { '2026-06-12': 30 } }, question)).toEqual({
      ...order,
      swapWith: 'b',
      offer: { '2026-06-10': 45, '2026-06-12': 30 },
      confirm: true,
    });
  });

  test('a remark is confirmed, a broken rule is only told, other errors are no questions', () => {
    const remark = questionOf(apiErrorFrom(409, { code: 'plan_warning', detail: 'Hm.', rule: 'taper' }));
    expect(remark && agreed(order, remark)).toEqual({ ...order, confirm: true });
    expect(
      questionOf(apiErrorFrom(409, { code: 'plan_rule_broken', detail: 'No.', rule: 'rest_day' })),
    ).toEqual({ kind: 'refused', rule: 'rest_day', detail: 'No.' });
    expect(questionOf(apiErrorFrom(404, { code: 'not_found' }))).toBeNull();
    expect(questionOf(new Error('offline'))).toBeNull();
  });

  test('the race and the session itself are nothing to swap with', () => {
    const sessions = ['s', 'race', 'other'].map((id) => ({
      id,
      title: id,
      sport: 'running',
      minutes: 30,
      steps: [],
      kind: id === 'race' ? ('race' as const) : ('easy' as const),
    }));
    expect(othersOn({ date: '2026-06-10', sessions }, 's').map((item) => item.id)).toEqual(['other']);
    expect(othersOn(undefined, 's')).toEqual([]);
  });
});

describe('races of a plan', () => {
  const form = {
    ...startingForm('2026-05-25'),
    start: '2026-06-01',
    raceDate: '2026-08-23',
    otherRaces: [{ date: '2026-07-12', distance: '7,5', priority: 'C' as const }],
  };

  test('are sent in metres and read back in order of date, the goal among them', () => {
    expect(problemsOf(form)).toEqual([]);
    const request = requestOf(form);
    expect(request.other_races).toEqual([
      { date: '2026-07-12', sport: 'running', distance_m: 7500, priority: 'C' },
    ]);
    expect(racesOf(request).map((race) => [race.date, race.priority, race.isGoal])).toEqual([
      ['2026-07-12', 'C', false],
      ['2026-08-23', 'A', true],
    ]);
  });

  test('have the time that the plan counts on, where the plan holds them', () => {
    const run = { id: '2026-07-11-1', sport: 'running', kind: 'easy', minutes: 40, load: 36, steps: [] };
    const race = { ...run, id: '2026-07-12-1', kind: 'race', minutes: 33 };
    const days = [
      { date: '2026-07-11', sessions: [run] },
      { date: '2026-07-12', sessions: [race] },
    ] as unknown as Plan['document']['days'];
    expect(plannedTime_s(days, '2026-07-12')).toBe(33 * 60);
    expect(plannedTime_s(days, '2026-07-11')).toBeNull();
    expect(plannedTime_s(days, '2026-08-01')).toBeNull();
  });

  test('need a distance, a day of their own, and four days before the goal', () => {
    const race = (change: object) => ({
      date: '2026-07-12',
      distance: '10',
      priority: 'B' as const,
      ...change,
    });
    const problems = (...races: ReturnType<typeof race>[]) =>
      races.map((item) => raceProblems({ ...form, otherRaces: races }, item, 'metric'));
    expect(problems(race({}))).toEqual([[]]);
    expect(problems(race({ date: '2026-08-19' }))).toEqual([[]]);
    expect(problems(race({ date: '2026-08-20' }))).toEqual([['date']]);
    expect(problems(race({ date: '2026-05-30' }))).toEqual([['date']]);
    expect(problems(race({ distance: 'far' }))).toEqual([['distance']]);
    expect(problems(race({ date: '', distance: '' }))).toEqual([['date', 'distance']]);
    expect(problems(race({}), race({}))).toEqual([['date'], ['date']]);
    expect(problemsOf({ ...form, otherRaces: [race({ distance: '' })] })).toEqual(['otherRaces']);
  });
});

test('what was assumed leads to where it can be changed, what was known to where it came from', () => {
  const plan = {
    id: 'p',
    created_at: '',
    is_stopped: false,
    request: { filled_in: [{ code: 'fitness', params: { ctl: 40 } }] },
    document: {
      days: [],
      phases: [],
      checks: [],
      relaxed: [],
      warnings: [],
      assumed: [
        { code: 'threshold', params: { sport: 'running' }, text: 'No running threshold.' },
        { code: 'something_new', params: {}, text: 'Said by the server.' },
      ],
    },
  };
  const held = plan as unknown as Plan;
  expect(assumedOf(held).map((item) => [item.place, item.text])).toEqual([
    ['/thresholds', 'No running threshold.'],
    [null, 'Said by the server.'],
  ]);
  expect(filledInOf(held).map((item) => [item.place, item.isKnown])).toEqual([['/fitness', true]]);
});

test('an assumed fitness says why: no training, training without load, or load that is known since', () => {
  const plan = {
    document: { assumed: [{ code: 'fitness', params: { ctl: 25 }, text: '' }] },
  } as unknown as Plan;
  const known = (ctl: number, ...codes: string[]) =>
    ({ days: [{ ctl }], warnings: codes.map((code) => ({ code })) }) as unknown as Fitness;
  const said = (fitness?: Fitness) => assumedOf(plan, fitness).map((item) => [item.code, item.place]);
  expect(said()).toEqual([['fitness', '/activities']]);
  expect(said(known(0))).toEqual([['fitness', '/activities']]);
  expect(said(known(0, 'activities_without_load'))).toEqual([['fitness_without_load', '/thresholds']]);
  expect(said(known(31, 'activities_without_load'))).toEqual([['fitness_known_since', '/plan/new']]);
});
