import { isOtherSport, missingParameters } from './missing';

test('everything that is missing is named, not only the first', () => {
  expect(missingParameters('sex, hr_rest_bpm, hr_max_bpm, lthr_bpm not known')).toEqual([
    'sex',
    'hr_rest_bpm',
    'hr_max_bpm',
    'lthr_bpm',
  ]);
  expect(missingParameters('ftp_w is not known')).toEqual(['ftp_w']);
});

test('power outside cycling is told in our words, whenever it was computed', () => {
  const now = 'the power threshold (FTP) is one for cycling; power in another sport is not compared with it';
  expect(isOtherSport(now)).toBe(true);
  expect(isOtherSport('ftp_w is a cycling threshold; running power needs one of its own')).toBe(true);
  expect(isOtherSport('ftp_w is not known')).toBe(false);
  expect(missingParameters(now)).toEqual([]);
});

test('other reasons are about no parameter', () => {
  expect(missingParameters('ftp_w is a cycling threshold; running power needs one of its own')).toEqual([]);
  expect(missingParameters('open water: currents and drafting are not known')).toEqual([]);
});
