import { asked } from './asked';

test('only the thresholds of the sports that somebody trains are asked', () => {
  expect(asked(['running'])).toEqual(['hr_max_bpm', 'hr_rest_bpm', 'threshold_speed_m_s']);
  expect(asked(['strength'])).toEqual(['hr_max_bpm', 'hr_rest_bpm']);
  expect(asked(['triathlon'])).toHaveLength(5);
  expect(asked([])).toHaveLength(5);
});
