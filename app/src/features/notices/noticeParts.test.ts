import { minuteChoices, shownCount, timeOfDay, withKind } from './noticeParts';
import type { NoticeSettings } from './noticeQueries';

const settings: NoticeSettings = {
  off: ['kudos'],
  hides_text: false,
  quiet_hours: null,
  digest: 'at_once',
  digest_min: 1080,
  reminder_min: null,
};

test('a kind is turned off once and on again', () => {
  expect(withKind(settings, 'kudos', false).off).toEqual(['kudos']);
  expect(withKind(settings, 'comment', false).off).toEqual(['kudos', 'comment']);
  expect(withKind(settings, 'kudos', true).off).toEqual([]);
});

test('a time that is no half hour stays among the choices', () => {
  expect(minuteChoices(420)).toHaveLength(48);
  const choices = minuteChoices(425);
  expect(choices).toHaveLength(49);
  expect(choices[choices.indexOf(425) - 1]).toBe(420);
});

test('times read as the language has them', () => {
  expect(timeOfDay(22 * 60, 'de-DE')).toBe('22:00');
  expect(timeOfDay(22 * 60 + 5, 'en-US').replace(/\s/u, ' ')).toBe('10:05 PM');
});

test('the bell has room for two figures', () => {
  expect([1, 99, 100].map(shownCount)).toEqual(['1', '99', '99+']);
});
