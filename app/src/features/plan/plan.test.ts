import type { Plan, PlannedDay } from '@/api/types';

import { doubtsOf } from './doubts';
import {
  goalsFor,
  type GoalType,
  type PlanSport,
  problemsOf,
  requestOf,
  startingForm,
  wantedForm,
  withSport,
} from './order';
import { barsOf, flatSteps, stepsOf, zoneTone } from './steps';
import { dayOf, firstDayAhead, weekIndexAt, weeksOf } from './weeks';

const planned = (date: string, ...minutes: number[]): PlannedDay => ({
  date,
  sessions: minutes.map((value, index) => ({
    id: `${date}-${index}`,
    title: 'Run',
    sport: 'running',
    minutes: value,
    load: value,
    steps: [],
  })),
});

describe('steps', () => {
  const loose = [
    { kind: 'steady', duration_s: 600, text: 'Warm up', intensity_pct: [60, 70] },
    {
      kind: 'repeat',
      count: 3,
      duration_s: 900,
      steps: [
        { kind: 'steady', duration_s: 240, intensity_pct: [98, 102], target: 'power_w', low: 245, high: 255 },
        { kind: 'free', duration_s: 60, text: 'Rest' },
      ],
    },
  ];
  test('repeats are multiplied out in their order', () => {
    const flat = flatSteps(stepsOf(loose));
    expect(flat.map((step) => step.duration_s)).toEqual([600, 240, 60, 240, 60, 240, 60]);
    expect(flat[1]?.power).toEqual([245, 255]);
  });
  test('targets that were resolved are kept apart by what they count', () => {
    const [run, easy] = stepsOf([
      { target: 'speed_m_s', low: 2.6, high: 2.9, intensity_pct: [66, 74] },
      { target: 'hr_bpm', low: 120, high: 135, intensity_pct: [66, 74] },
    ]);
    expect(run).toMatchObject({ speed_m_s: [2.6, 2.9], power: null, hr_bpm: null });
    expect(easy).toMatchObject({ speed_m_s: null, hr_bpm: [120, 135] });
  });
  test('bars are as wide as their time and coloured by intensity', () => {
    const bars = barsOf(stepsOf(loose));
    expect(bars.reduce((sum, bar) => sum + bar.weight, 0)).toBe(1500);
    expect(bars[1]).toMatchObject({ high: 100, tone: 'zone4' });
    expect(bars[2]?.tone).toBe('zone1');
  });
  test('nothing in a malformed step is guessed', () => {
    expect(stepsOf([{ duration_s: 'long', intensity_pct: [1] }])[0]).toMatchObject({
      duration_s: 0,
      low_pct: null,
      power: null,
    });
  });
  test('harder is never an easier zone', () => {
    const zones = [40, 70, 85, 98, 106, 120, 150].map((percent) => zoneTone(percent));
    expect(zones).toEqual(['zone1', 'zone2', 'zone3', 'zone4', 'zone5', 'zone6', 'zone7']);
  });
});

describe('weeks', () => {
  const days = [planned('2026-01-07', 30), planned('2026-01-11', 60, 20), planned('2026-01-12', 45)];
  test('a week runs from Monday and adds up', () => {
    const weeks = weeksOf(days);
    expect(weeks.map((week) => [week.start, week.minutes])).toEqual([
      ['2026-01-05', 110],
      ['2026-01-12', 45],
    ]);
  });
  test('before the plan the first week is shown, after it the last', () => {
    const weeks = weeksOf(days);
    expect(weekIndexAt(weeks, '2025-06-01')).toBe(0);
    expect(weekIndexAt(weeks, '2026-01-11')).toBe(0);
    expect(weekIndexAt(weeks, '2026-01-12')).toBe(1);
    expect(weekIndexAt(weeks, '2027-01-01')).toBe(1);
  });
  test('a day is found by its date', () => {
    expect(dayOf(days, '2026-01-11')?.sessions).toHaveLength(2);
    expect(dayOf(days, '2026-01-08')).toBeNull();
  });
  test('a change begins today, or on the first day of a plan that begins later', () => {
    const plan = {
      document: { days: ['2026-01-12', '2026-01-13', '2026-01-14'].map((date) => planned(date)) },
    };
    const held = plan as unknown as Plan;
    expect(firstDayAhead(held, '2026-01-07')).toBe('2026-01-12');
    expect(firstDayAhead(held, '2026-01-13')).toBe('2026-01-13');
    expect(firstDayAhead(held, '2026-02-01')).toBe('2026-02-01');
  });
});

describe('the order of a new plan', () => {
  const form = startingForm('2026-01-07');
  test('starts next Monday and is complete', () => {
    expect(form.start).toBe('2026-01-12');
    expect(problemsOf(form)).toEqual([]);
    expect(requestOf(form)).toMatchObject({
      athlete: { sport: 'running' },
      goal: { type: 'race', distance_m: 10_000 },
      available_minutes: { sun: 120 },
    });
  });
  test('starts today where today is a Monday', () => {
    expect(startingForm('2026-01-11').start).toBe('2026-01-12');
    const monday = startingForm('2026-01-12');
    expect([monday.start, monday.raceDate]).toEqual(['2026-01-12', '2026-04-05']);
  });
  test('begins with the first sport that the aim can be planned for', () => {
    const begun = (sports: PlanSport[], aim: GoalType | null) => {
      const { sport, goal } = wantedForm('2026-01-07', { sports, aim });
      return [sport, goal];
    };
    expect(begun(['strength', 'cycling', 'running'], 'race')).toEqual(['cycling', 'race']);
    expect(begun(['running', 'strength'], 'strength_max_reps')).toEqual(['strength', 'strength_max_reps']);
    expect(begun(['strength', 'running'], 'maintain')).toEqual(['strength', 'maintain']);
    expect(begun(['strength'], 'race')).toEqual(['strength', 'strength_max_reps']);
    expect(begun(['cycling', 'running'], null)[0]).toBe('cycling');
  });
  test('another sport brings its own goals and distances', () => {
    expect(withSport(form, 'cycling').distance_m).toBe(100_000);
    const strength = withSport(form, 'strength');
    expect(goalsFor('strength')).toContain(strength.goal);
    expect(problemsOf(strength)).toEqual(['reps']);
    expect(requestOf({ ...strength, currentReps: '20', targetReps: '40' }).goal).toMatchObject({
      exercise: 'push_up',
      current: 20,
      target: 40,
    });
  });
  test('what cannot be planned is said before it is sent', () => {
    const none = { mon: 0, tue: 0, wed: 0, thu: 0, fri: 0, sat: 0, sun: 0 };
    expect(problemsOf({ ...form, minutes: none })).toEqual(['minutes']);
    expect(problemsOf({ ...form, raceDate: form.start })).toEqual(['raceDate']);
    expect(problemsOf({ ...form, start: '' })).toEqual(['start']);
  });
});

describe('doubts about races', () => {
  const close = {
    code: 'races_too_close',
    date: '2027-04-18',
    message: 'The 10 km run on 2027-04-18 is the day after the 5 km run on 2027-04-17; ...',
    params: {
      sport: 'running',
      distance_m: 10_000,
      days: 1,
      days_asked: 3,
      free_from: '2027-04-21',
      other_date: '2027-04-17',
      other_sport: 'running',
      other_distance_m: 5000,
    },
  };
  test('a known doubt comes as values, each race under a key of its own', () => {
    const [first, second] = doubtsOf([close, { ...close, date: '2027-04-25' }]);
    expect(first?.known).toMatchObject({
      code: 'races_too_close',
      race: { date: '2027-04-18', distance_m: 10_000 },
      other: { date: '2027-04-17', distance_m: 5000 },
      freeFrom: '2027-04-21',
      numbers: { days_asked: 3 },
    });
    expect(second?.key).not.toBe(first?.key);
  });
  test('a doubt about the whole plan has no race', () => {
    const falls = {
      code: 'fitness_falls',
      message: 'Fitness falls.',
      params: { ctl_start: 45, ctl_end: 37, hours_load: 295, needed_load: 350 },
    };
    expect(doubtsOf([falls])[0]?.known).toMatchObject({ race: null, numbers: { needed_load: 350 } });
  });
  test('an older plan, an unknown kind or a missing number keeps the English sentence', () => {
    const old = {
      code: 'race_too_long',
      message: 'The longest session before the race is 30 min.',
      params: {},
    };
    const fresh = { ...close, code: 'race_on_the_moon' };
    const torn = { ...close, params: { ...close.params, days_asked: 'three' } };
    expect(doubtsOf([old, fresh, torn]).map((doubt) => [doubt.known, doubt.message])).toEqual([
      [null, old.message],
      [null, fresh.message],
      [null, torn.message],
    ]);
  });
});
