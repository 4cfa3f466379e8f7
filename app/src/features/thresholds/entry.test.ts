import type { Threshold, ThresholdEvidence } from '@/api/types';

import {
  ageText,
  canUse,
  cellsOf,
  isFirst,
  isLearned,
  isPastDay,
  isTested,
  newestOf,
  suggested,
  testInputs,
  typedTime,
  usable,
} from './entry';

test.each([
  ['20:00', 1200],
  ['1:02:03', 3723],
  ['5:58,4', 358.4],
  ['75:30', 4530],
  ['20', null],
  ['0:00', null],
  ['5:61', null],
  ['', null],
])('%p is %p seconds', (typed, seconds) => {
  expect(typedTime(typed)).toBe(seconds);
});

test('a test of one number is sent as one number', () => {
  expect(testInputs('power_20min', { power_w: '280' }, 'metric')).toEqual({ power_w: 280 });
  expect(testInputs('power_20min', { power_w: 'much' }, 'metric')).toBeNull();
  expect(testInputs('power_20min', {}, 'metric')).toBeNull();
});

test('distances are typed in the units of the person', () => {
  const typed = { distance_m: '5', time_s: '25:00' };
  expect(testInputs('run_race', typed, 'metric')).toEqual({ distance_m: 5000, time_s: 1500 });
  expect(testInputs('run_race', typed, 'imperial')).toEqual({ distance_m: 8046.72, time_s: 1500 });
});

test('efforts stand in pairs and are sent as lists', () => {
  expect(cellsOf('power_efforts').map((cell) => cell.key)).toEqual([
    'efforts_power_w.0',
    'efforts_s.0',
    'efforts_power_w.1',
    'efforts_s.1',
    'efforts_power_w.2',
    'efforts_s.2',
  ]);
  const typed = {
    'efforts_power_w.0': '350',
    'efforts_s.0': '3:00',
    'efforts_power_w.1': '310',
    'efforts_s.1': '6:00',
    'efforts_power_w.2': '280',
    'efforts_s.2': '12:00',
  };
  expect(testInputs('power_efforts', typed, 'metric')).toEqual({
    efforts_power_w: [350, 310, 280],
    efforts_s: [180, 360, 720],
  });
});

test('only a test that changes what holds today can be put in use', () => {
  const done = { kind: 'test', date: '2026-03-01' } as ThresholdEvidence;
  const inUse = { valid_from: '2026-03-01', value: 250, origin: 'test' } as const;
  expect(canUse(done, null)).toBe(true);
  expect(canUse(done, inUse)).toBe(false);
  expect(canUse(done, { ...inUse, origin: 'entered' })).toBe(true);
  expect(canUse(done, { ...inUse, valid_from: '2026-04-01' })).toBe(false);
  expect(canUse(done, { ...inUse, valid_from: '2026-02-01' })).toBe(true);
  expect(canUse({ ...done, kind: 'best_effort' }, null)).toBe(false);
});

test('only what the evidence says and nobody decided about is suggested', () => {
  const estimate = { value: 211 } as NonNullable<Threshold['estimate']>;
  const evidence = (...ages: number[]) => ages.map((age) => ({ age_days: age }) as ThresholdEvidence);
  const found = {
    quantity: 'ftp_w',
    estimate,
    in_use: null,
    evidence: evidence(365, 2900),
  } as unknown as Threshold;
  const used = { ...found, in_use: { valid_from: '2026-03-01', value: 250, origin: 'entered' } } as Threshold;
  const refused = {
    ...found,
    in_use: { valid_from: '2026-03-01', value: null, origin: 'entered' },
  } as Threshold;
  expect(suggested([used, { ...found, estimate: null }, refused])).toEqual([]);
  expect(suggested([used, found])).toEqual([found]);
  expect(suggested([{ ...found, evidence: evidence(366, 2900) }])).toEqual([]);
  expect(suggested([{ ...found, quantity: 'hr_max_bpm' }])).toEqual([]);
});

test('the newest evidence is one that upholds the estimate', () => {
  const of = (age: number, value: number, more: Partial<ThresholdEvidence> = {}) =>
    ({ age_days: age, value, is_lower_bound: true, set_aside: null, ...more }) as ThresholdEvidence;
  const found = (...evidence: ThresholdEvidence[]) =>
    ({
      quantity: 'ftp_w',
      in_use: null,
      estimate: { value: 240, low: 220, high: 260 },
      evidence,
    }) as Threshold;
  const newest = (...evidence: ThresholdEvidence[]) => newestOf(found(...evidence))?.age_days;
  expect(newest(of(1, 145), of(300, 240))).toBe(300);
  expect(newest(of(1, 220), of(300, 240))).toBe(1);
  expect(newest(of(1, 420, { set_aside: 'far_above' }), of(300, 240))).toBe(300);
  expect(newest(of(1, 200, { is_lower_bound: false }), of(300, 240))).toBe(1);
  expect(newest(of(1, 145))).toBeUndefined();
  expect(suggested([found(of(1, 145), of(400, 240))])).toEqual([]);
});

test('the first entry of a history counts for the days before it', () => {
  const [first, second] = [
    { valid_from: '2026-03-01', value: 250, origin: 'entered' },
    { valid_from: '2026-04-01', value: 260, origin: 'estimate' },
  ] as const;
  expect(isFirst([first, second], first)).toBe(true);
  expect(isFirst([first, second], second)).toBe(false);
});

test('a highest heart rate is learned, and there is no test of it', () => {
  expect(['ftp_w', 'hr_max_bpm', 'run_power_app_w'].map((id) => isLearned(id as never))).toEqual([
    true,
    true,
    false,
  ]);
  expect(['ftp_w', 'hr_max_bpm', 'run_power_app_w'].map((id) => isTested(id as never))).toEqual([
    true,
    false,
    false,
  ]);
});

test('ages are told in the measure that people use', () => {
  expect(ageText(0, 'en')).toBe('today');
  expect(ageText(12, 'en')).toBe('12 days ago');
  expect(ageText(152, 'en')).toBe('5 months ago');
  expect(ageText(1096, 'de')).toBe('vor 3 Jahren');
});

test('what is put in use is what was read', () => {
  expect(usable('ftp_w', 261.6)).toBe(262);
  expect(usable('threshold_speed_m_s', 3.70371)).toBe(3.704);
});

test('a threshold holds from a day up to today', () => {
  expect(isPastDay('2026-03-01', '2026-03-01')).toBe(true);
  expect(isPastDay('2026-03-02', '2026-03-01')).toBe(false);
  expect(isPastDay('2026-3-1', '2026-03-01')).toBe(false);
});
