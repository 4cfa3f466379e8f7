import type { Athlete } from '@/api/types';

import { changeOf, fieldText, parsedValue, typedRange, typedValue } from './parameters';
import { timeZones } from './timeZones';

const athlete = {
  mass_kg: 70,
  hr_max_bpm: 188,
  threshold_speed_m_s: 1000 / 270,
  css_m_s: null,
} as Athlete;

test('numbers are shown in the units of the person', () => {
  expect(typedValue('mass_kg', athlete, 'metric')).toBe('70');
  // 70 kg are 154.3 pounds.
  expect(typedValue('mass_kg', athlete, 'imperial')).toBe('154.3');
  expect(typedValue('threshold_speed_m_s', athlete, 'metric')).toBe('4:30');
});

test('not known is an empty field, and an empty field is not known', () => {
  expect(typedValue('css_m_s', athlete, 'metric')).toBe('');
  expect(parsedValue('css_m_s', ' ', 'metric')).toBeNull();
});

test('what is typed becomes SI', () => {
  expect(parsedValue('mass_kg', '154,3', 'imperial')).toBeCloseTo(69.99, 2);
  expect(parsedValue('threshold_speed_m_s', '4:30', 'metric')).toBeCloseTo(3.7037, 4);
  expect(parsedValue('hr_max_bpm', '188', 'metric')).toBe(188);
  expect(parsedValue('w_prime_j', '20,5', 'metric')).toBe(20_500);
  expect(parsedValue('w_prime_j', '20500', 'metric')).toBeUndefined();
  expect(parsedValue('run_power_foot_pod_w', '265', 'metric')).toBe(265);
  expect(parsedValue('run_power_watch_w', '900', 'metric')).toBeUndefined();
  expect(typedValue('w_prime_j', { w_prime_j: 20_500 } as Athlete, 'imperial')).toBe('20.5');
});

test.each([
  ['hr_max_bpm', '400'],
  ['ftp_w', '9'],
  ['mass_kg', 'heavy'],
  ['threshold_speed_m_s', '0:10'],
] as const)('%s cannot be %p', (id, typed) => {
  expect(parsedValue(id, typed, 'metric')).toBeUndefined();
});

const stored = {
  ...athlete,
  units: 'imperial',
  mass_kg: 75,
  threshold_speed_m_s: 3.9216,
} as Athlete;

test('what is only shown in other units is not sent back', () => {
  expect(fieldText('mass_kg', undefined, stored)).toBe('165.3');
  expect(changeOf({}, stored)).toEqual({});
  expect(changeOf({ hr_max_bpm: { text: '190', units: 'imperial' } }, stored)).toEqual({ hr_max_bpm: 190 });
});

test('a field that was edited and put back changes nothing; one that was emptied is cleared', () => {
  expect(changeOf({ mass_kg: { text: '165.3', units: 'imperial' } }, stored)).toEqual({});
  expect(changeOf({ mass_kg: { text: '', units: 'imperial' } }, stored)).toEqual({ mass_kg: null });
});

test('what was typed before the units changed means what it meant', () => {
  const edit = { text: '80', units: 'metric' } as const;
  expect(fieldText('mass_kg', edit, stored)).toBe('176.4');
  expect(changeOf({ mass_kg: edit }, stored)).toEqual({ mass_kg: 80 });
});

test('the range is said as it would be typed', () => {
  expect(typedRange('hr_max_bpm', 'metric')).toEqual(['80', '240']);
  // 8 m/s are 125 s/km, 0.5 m/s are 2000 s/km.
  expect(typedRange('threshold_speed_m_s', 'metric')).toEqual(['2:05', '33:20']);
});

test('the zone somebody has is always among those to choose from', () => {
  expect(timeZones('Antarctica/Nowhere')).toContain('Antarctica/Nowhere');
  expect(timeZones('Europe/Berlin').filter((zone) => zone === 'Europe/Berlin')).toHaveLength(1);
});
