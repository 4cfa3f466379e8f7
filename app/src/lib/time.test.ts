import { addDays, daysBetween, formatDay, formatLocal, todayIn, weekStart } from './time';

const clock: Intl.DateTimeFormatOptions = {
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
};

test('an activity is shown in the local time of where it happened', () => {
  const inNepal = { started_at: '2026-03-01T20:00:00Z', utc_offset_s: 5 * 3600 + 45 * 60 };
  expect(formatLocal(inNepal, 'America/New_York', 'en', clock)).toContain('01:45');
  expect(formatLocal(inNepal, 'America/New_York', 'en', { day: 'numeric' })).toBe('2');
});

test("without an offset the athlete's zone is used, summer time included", () => {
  const winter = { started_at: '2026-03-28T12:00:00Z', utc_offset_s: null };
  const summer = { started_at: '2026-03-29T12:00:00Z', utc_offset_s: null };
  expect(formatLocal(winter, 'Europe/Berlin', 'en', clock)).toContain('13:00');
  expect(formatLocal(summer, 'Europe/Berlin', 'en', clock)).toContain('14:00');
});

test('an offset of zero is an offset', () => {
  const atGreenwich = { started_at: '2026-07-01T12:00:00Z', utc_offset_s: 0 };
  expect(formatLocal(atGreenwich, 'Asia/Tokyo', 'en', clock)).toContain('12:00');
});

test('calendar days know no time zone', () => {
  expect(formatDay('2026-01-05', 'en', { weekday: 'long' })).toBe('Monday');
  expect(addDays('2026-02-27', 2)).toBe('2026-03-01');
  expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
});

test('weeks start on Monday', () => {
  expect(weekStart('2026-01-05')).toBe('2026-01-05');
  expect(weekStart('2026-01-11')).toBe('2026-01-05');
});

test('today depends on where one is', () => {
  const now = new Date('2026-06-01T23:30:00Z');
  expect(todayIn('Europe/Berlin', now)).toBe('2026-06-02');
  expect(todayIn('America/Los_Angeles', now)).toBe('2026-06-01');
});
