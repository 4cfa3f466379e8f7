/** What the server notes beside a metric, read from its English words; documents of any age carry them. Pure. */
export type NoteKind =
  | 'lowerBound'
  | 'bestStretch'
  | 'reserveBelowZero'
  | 'uptakeEstimate'
  | 'artefacts'
  | 'atRest'
  | 'sparse'
  | 'partlyCovered'
  | 'tooLittleCovered'
  | 'shortPower'
  | 'aboveMaximum'
  | 'noMovement'
  | 'flatGround'
  | 'tooShort'
  | 'noDistance'
  | 'openWater'
  | 'thresholdEstimated';

/** `duration` in seconds, the others as they stand in the words. */
export type Note = {
  kind: NoteKind;
  numbers: Partial<Record<'duration' | 'needed' | 'value' | 'limit', number>>;
};

const NUMBER = String.raw`(?:\d+(?:\.\d+)?)`;

const patterns: readonly [NoteKind, string][] = [
  ['lowerBound', `a lower bound, from the best (?<duration>${NUMBER}) s`],
  ['bestStretch', `from the best (?<duration>${NUMBER}) s`],
  ['reserveBelowZero', `below zero: critical power or W' are set too low`],
  ['uptakeEstimate', `estimated, ± (?<value>${NUMBER}) ml/kg/min for 95 of 100 people`],
  ['artefacts', `(?<value>${NUMBER})% of the beats are artefacts, (?<limit>${NUMBER})% are allowed`],
  ['atRest', `at rest, (?<value>${NUMBER}) min`],
  ['sparse', 'the device recorded only changes; values between samples are interpolated'],
  ['partlyCovered', `covers (?<value>${NUMBER})% of the timer time; what is missing adds nothing`],
  [
    'tooLittleCovered',
    `only (?<value>${NUMBER})% of the timer time is covered, (?<limit>${NUMBER})% are needed`,
  ],
  ['shortPower', `(?<duration>${NUMBER}) s of power; the weighted mean needs (?<needed>${NUMBER}) s`],
  [
    'aboveMaximum',
    `the recording reaches (?<value>${NUMBER}) bpm, more than the stated maximum of (?<limit>${NUMBER}) bpm`,
  ],
  ['noMovement', 'no movement was recorded'],
  ['flatGround', 'no altitude by distance; the ground is taken as flat'],
  ['tooShort', 'too short for a rolling mean'],
  ['noDistance', 'no distance was recorded'],
  ['openWater', 'open water: currents and drafting are not known'],
  [
    'thresholdEstimated',
    `threshold heart rate estimated: (?<value>${NUMBER}) bpm, (?<limit>${NUMBER})% of the stated maximum`,
  ],
];

const known = patterns.map(([kind, words]) => [kind, new RegExp(`^${words}$`)] as const);

/** What is meant; null of words that are not known here. */
export function noteIn(words: string): Note | null {
  for (const [kind, pattern] of known) {
    const match = pattern.exec(words);
    if (match) {
      const numbers = Object.entries(match.groups ?? {}).map(([name, value]) => [name, Number(value)]);
      return { kind, numbers: Object.fromEntries(numbers) as Note['numbers'] };
    }
  }
  return null;
}
