import type { Athlete } from '@/api/types';

import { parsedValue, typedValue } from './parameters';
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
});

test.each([
  ['hr_max_bpm', '400'],
  ['ftp_w', '9'],
  ['mass_kg', 'heavy'],
  ['threshold_speed_m_s', '0:10'],
] as const)('%s cannot be %p', (id, typed) => {
  expect(parsedValue(id, typed, 'metric')).toBeUndefined();
});

test('the zone somebody has is always among those to choose from', () => {
  expect(timeZones('Antarctica/Nowhere')).toContain('Antarctica/Nowhere');
  expect(timeZones('Europe/Berlin').filter((zone) => zone === 'Europe/Berlin')).toHaveLength(1);
});
