import { noteIn } from './metricNotes';

test.each([
  ['a lower bound, from the best 1377 s', { kind: 'lowerBound', numbers: { duration: 1377 } }],
  ['from the best 1200 s', { kind: 'bestStretch', numbers: { duration: 1200 } }],
  ["below zero: critical power or W' are set too low", { kind: 'reserveBelowZero', numbers: {} }],
  ['estimated, ± 8 ml/kg/min for 95 of 100 people', { kind: 'uptakeEstimate', numbers: { value: 8 } }],
  ['7% of the beats are artefacts, 5% are allowed', { kind: 'artefacts', numbers: { value: 7, limit: 5 } }],
  ['at rest, 5.0 min', { kind: 'atRest', numbers: { value: 5 } }],
  [
    'covers 93% of the timer time; what is missing adds nothing',
    { kind: 'partlyCovered', numbers: { value: 93 } },
  ],
  [
    'only 40% of the timer time is covered, 80% are needed',
    { kind: 'tooLittleCovered', numbers: { value: 40, limit: 80 } },
  ],
  [
    '20 s of power; the weighted mean needs 30 s',
    { kind: 'shortPower', numbers: { duration: 20, needed: 30 } },
  ],
  [
    'the recording reaches 191 bpm, more than the stated maximum of 187.5 bpm',
    { kind: 'aboveMaximum', numbers: { value: 191, limit: 187.5 } },
  ],
  ['open water: currents and drafting are not known', { kind: 'openWater', numbers: {} }],
  [
    'threshold heart rate estimated: 167 bpm, 88% of the stated maximum',
    { kind: 'thresholdEstimated', numbers: { value: 167, limit: 88 } },
  ],
])('%s', (words, meant) => {
  expect(noteIn(words)).toEqual(meant);
});

test('what is not known here stays as the server wrote it', () => {
  expect(noteIn('a lower bound')).toBeNull();
  expect(noteIn('ftp_w is not known')).toBeNull();
});
