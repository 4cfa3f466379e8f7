import { allowed } from './allowed';

test('only what somebody agreed to can be sent', () => {
  expect(allowed('both', [])).toBe('both');
  expect(allowed('both', ['form_videos'])).toBe('activity');
  expect(allowed('both', ['training_diary'])).toBe('video');
  expect(allowed('both', ['training_diary', 'form_videos'])).toBeNull();
  expect(allowed('video', ['form_videos'])).toBeNull();
  expect(allowed('activity', [])).toBe('activity');
});
