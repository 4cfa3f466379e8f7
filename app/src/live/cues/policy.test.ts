import type { SessionEvent } from '../engine/session';
import type { Fault, JudgedRep } from '../types';
import {
  cueStep,
  languageOf,
  LANGUAGES,
  newCues,
  say,
  speechS,
  type CueState,
  type Utterance,
} from './policy';
import rules from './policy.json';
import texts from './texts.json';

const FAULTS: Fault[] = ['hips_sag', 'shallow_depth', 'too_fast'];

function repWith(fault: Fault | null, probability = 0.97): JudgedRep {
  return {
    index: 1,
    startS: 0,
    turnS: 1,
    endS: 2,
    complete: true,
    rangeM: 0.3,
    minElbowDeg: 80,
    maxElbowDeg: 170,
    bodyLineDeg: 0,
    score: 90,
    findings: FAULTS.map((code) => ({
      code,
      decision: code === fault ? 'fault' : 'none',
      probability: code === fault ? probability : 0.05,
      reason: '',
      measured: 0,
      learnedProbability: null,
    })),
  };
}

/** A set: each repetition is counted at its top and judged, and perhaps cued, 0.3 s later, while the count is still heard. */
function spoken(faults: readonly (Fault | null)[], periodS: number, probability = 0.97): Utterance[] {
  let state: CueState = newCues('en');
  const said: Utterance[] = [];
  const take = (events: SessionEvent[], tS: number) => {
    const [after, utterance] = cueStep(state, events, tS);
    state = after;
    if (utterance !== null) said.push(utterance);
  };
  faults.forEach((fault, i) => {
    const [tS, count] = [(i + 1) * periodS, i + 1];
    const rep = repWith(fault, probability);
    take([{ kind: 'rep', tS, phase: 'top', count, startS: 0, turnS: 1, endS: 2 }], tS);
    const later: SessionEvent[] = [{ kind: 'rep_closed', tS: tS + 0.3, phase: 'eccentric', count, rep }];
    if (fault !== null) later.push({ kind: 'cue', tS: tS + 0.3, fault, rep });
    take(later, tS + 0.3);
    take([], tS + 0.55);
  });
  return said;
}

test('every repetition is counted, whatever else there is to say', () => {
  for (const periodS of [0.9, 1.5, 3]) {
    const said = spoken(Array<Fault>(12).fill('hips_sag'), periodS);
    expect(said.filter((one) => one.kind === 'count').map((one) => one.text)).toEqual(
      Array.from({ length: 12 }, (_, i) => String(i + 1)),
    );
  }
});

test('two voices never speak at once: only a count silences, and nothing is queued', () => {
  const said = spoken(Array<Fault>(20).fill('hips_sag'), 1.8);
  said.forEach((one, i) => {
    const before = said[i - 1];
    if (before === undefined) return;
    const isFree = one.tS >= before.tS + speechS('en', before.text);
    expect(isFree || (one.interrupts && one.kind === 'count')).toBe(true);
  });
});

test('corrections keep their distance and the fault is named on its repetition', () => {
  const said = spoken([null, 'hips_sag', 'hips_sag', 'hips_sag', null, null], 3).filter(
    (one) => one.kind === 'correction',
  );
  expect(said[0]?.tS).toBeCloseTo(2 * 3 + 0.55, 6);
  expect(said[0]?.text).toBe('Hips up, squeeze glutes');
  said.slice(1).forEach((one, i) => {
    expect(one.tS - (said[i]?.tS ?? 0)).toBeGreaterThanOrEqual(rules.same_code_cooldown_s.correction);
  });
});

test('unsure means silent', () => {
  expect(spoken(Array<Fault>(8).fill('hips_sag'), 3, 0.6).every((one) => one.kind === 'count')).toBe(true);
});

test('a fault that stays is escalated, one that goes is praised', () => {
  const stays = spoken(Array<Fault>(20).fill('hips_sag'), 3).filter((one) => one.kind !== 'count');
  expect(stays.slice(0, 4).map((one) => one.kind)).toEqual([
    'correction',
    'correction',
    'correction',
    'escalate',
  ]);
  const goes = spoken(['hips_sag', null, null], 3).filter((one) => one.kind !== 'count');
  expect(goes.map((one) => one.code)).toEqual(['correction.hips_sag', 'praise.better']);
});

test('a pace is spoken of once a set, and only after it has held for two repetitions', () => {
  const codes = (faults: readonly (Fault | null)[]) =>
    spoken(faults, 3)
      .filter((one) => one.kind === 'correction')
      .map((one) => [one.code, Math.floor(one.tS / 3)]);
  expect(codes(['too_fast', null, 'too_fast', null, 'too_fast', null])).toEqual([]);
  expect(codes([null, ...Array<Fault>(20).fill('too_fast')])).toEqual([['correction.too_fast', 3]]);
});

test('the next set may hear of its pace again', () => {
  let state = newCues('en');
  const heard: (string | undefined)[] = [];
  const take = (events: SessionEvent[], tS: number) => {
    const [after, utterance] = cueStep(state, events, tS);
    state = after;
    if (utterance?.kind === 'correction') heard.push(utterance.code);
  };
  const rep = repWith('too_fast');
  for (const startS of [0, 60]) {
    for (let i = 1; i <= 5; i++) {
      take([{ kind: 'rep_closed', tS: startS + 9 * i, phase: 'eccentric', count: i, rep }], startS + 9 * i);
    }
    const summary = {
      exercise: 'push_up' as const,
      count: 5,
      partialCount: 0,
      startedS: startS,
      endedS: startS + 45,
      reps: [],
      faults: [],
    };
    take([{ kind: 'set_done', tS: startS + 50, summary }], startS + 50);
  }
  expect(heard).toEqual(['correction.too_fast', 'correction.too_fast']);
});

test('what the engine chose goes before a pace that has held', () => {
  const both = repWith('hips_sag');
  both.findings = both.findings.map((one) =>
    one.code === 'too_fast' ? { ...one, decision: 'fault', probability: 0.97 } : one,
  );
  const events: SessionEvent[] = [
    { kind: 'rep_closed', tS: 9, phase: 'eccentric', count: 2, rep: both },
    { kind: 'cue', tS: 9, fault: 'hips_sag', rep: both },
  ];
  const [before] = cueStep(
    newCues('en'),
    [{ kind: 'rep_closed', tS: 3, phase: 'top', count: 1, rep: repWith('too_fast') }],
    3,
  );
  expect(cueStep(before, events, 9)[1]?.code).toBe('correction.hips_sag');
});

test('praise is rare and follows clean repetitions only', () => {
  const said = spoken(Array<null>(24).fill(null), 3).filter((one) => one.kind === 'praise');
  expect(said.length).toBeGreaterThan(0);
  expect(said.length).toBeLessThanOrEqual(24 / rules.praise_after_clean_reps);
  said.slice(1).forEach((one, i) => {
    expect(one.tS - (said[i]?.tS ?? 0)).toBeGreaterThanOrEqual(rules.cooldown_s.praise);
  });
});

test('the most important wish wins', () => {
  const [, said] = say(
    newCues('de'),
    [
      { kind: 'praise', code: 'praise.line' },
      { kind: 'hr', code: 'hr.ease_off', params: { hr_bpm: 162, target_bpm: 150 } },
      { kind: 'partial', code: 'partial' },
    ],
    5,
  );
  expect(said?.text).toBe('Langsamer, 162, Ziel 150');
});

test('words exist in every language, and a tag finds its language', () => {
  for (const language of LANGUAGES) {
    expect(Object.keys(texts[language])).toEqual(Object.keys(texts.en));
  }
  expect(languageOf('de-AT')).toBe('de');
  expect(languageOf('sw')).toBe('en');
});
