import { dayPart, sportIcon } from './words';

test.each([
  [0, 'night'],
  [5, 'morning'],
  [11, 'noon'],
  [14, 'afternoon'],
  [18, 'evening'],
  [22, 'night'],
])('%p o’clock is %p', (hour, part) => {
  expect(dayPart(hour)).toBe(part);
});

test('an unknown sport still has an icon', () => {
  expect(sportIcon('curling')).toBe('other');
});
