import { isOtherSport, isUnknownSource, missingParameters } from './missing';

test('everything that is missing is named, not only the first', () => {
  expect(missingParameters('sex, hr_rest_bpm, hr_max_bpm, lthr_bpm not known')).toEqual([
    'sex',
    'hr_rest_bpm',
    'hr_max_bpm',
    'lthr_bpm',
  ]);
  expect(missingParameters('ftp_w is not known')).toEqual(['ftp_w']);
  expect(missingParameters('run_power_foot_pod_w is not known')).toEqual(['run_power_foot_pod_w']);
});

test('running power of an unknown source is told in our words', () => {
  const reason = 'the file does not tell what measured the running power; a threshold belongs to one source';
  expect(isUnknownSource(reason)).toBe(true);
  expect(isUnknownSource('run_power_watch_w is not known')).toBe(false);
  expect(missingParameters(reason)).toEqual([]);
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
