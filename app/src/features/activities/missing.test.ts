import { missingParameters } from './missing';

test('everything that is missing is named, not only the first', () => {
  expect(missingParameters('sex, hr_rest_bpm, hr_max_bpm, lthr_bpm not known')).toEqual([
    'sex',
    'hr_rest_bpm',
    'hr_max_bpm',
    'lthr_bpm',
  ]);
  expect(missingParameters('ftp_w is not known')).toEqual(['ftp_w']);
});

test('other reasons are about no parameter', () => {
  expect(missingParameters('ftp_w is a cycling threshold; running power needs one of its own')).toEqual([]);
  expect(missingParameters('open water: currents and drafting are not known')).toEqual([]);
});
