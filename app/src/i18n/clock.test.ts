import { type Clock, withHours } from './clock';

const at = (clock: Clock, device: boolean | null, locale = 'en-US') =>
  new Intl.DateTimeFormat(withHours(locale, clock, device), {
    hour: 'numeric',
    minute: '2-digit',
    timeZone: 'UTC',
  })
    .format(new Date('2026-03-01T21:05:00Z'))
    .replace(/\s/g, ' ');

test('hours are told as the region does, as the device does, or as was chosen', () => {
  expect(at('usual', null)).toBe('9:05 PM');
  expect(at('usual', true)).toBe('21:05');
  expect(at('h23', null)).toBe('21:05');
  expect(at('h12', true)).toBe('9:05 PM');
  expect(at('h12', null, 'de-DE')).toBe('9:05 PM');
  expect(at('usual', null, 'de-DE')).toBe('21:05');
});

test('a locale that says which hours it wants keeps them', () => {
  expect(withHours('en-US-u-hc-h23', 'h12', null)).toBe('en-US-u-hc-h23');
});
