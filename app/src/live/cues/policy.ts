/** Decides what is said, and when to be silent; pure. Rules and words are data shared with the package. */

import type { SessionEvent } from '../engine/session';
import type { Fault, JudgedRep } from '../types';
import rules from './policy.json';
import texts from './texts.json';

export type Language = keyof typeof texts;
export const LANGUAGES = Object.keys(texts) as Language[];

export type CueKind =
  | 'count'
  | 'lost'
  | 'escalate'
  | 'setup'
  | 'step'
  | 'hr'
  | 'power'
  | 'pace'
  | 'cadence'
  | 'correction'
  | 'partial'
  | 'set_done'
  | 'praise';

/** Something that could be said. */
export type Wish = { kind: CueKind; code: string; params?: Record<string, string | number> };

/** Something that is said now; `interrupts` silences what is being said. */
export type Utterance = Wish & {
  tS: number;
  text: string;
  interrupts: boolean;
  haptic: 'light' | 'medium' | 'warning' | null;
};

export type CueState = {
  language: Language;
  /** Until when somebody speaks, and how important that is. */
  busyUntilS: number;
  busyPriority: number;
  lastS: Readonly<Record<string, number>>;
  corrections: number;
  praises: number;
  cleanReps: number;
  /** How often a fault was spoken of without a repetition free of it in between. */
  cuedInARow: Readonly<Record<string, number>>;
  watched: Fault | null;
  /** How many repetitions and attempts in a row have shown a fault. */
  shownInARow: Readonly<Partial<Record<Fault, number>>>;
  /** How often a fault was spoken of in this set. */
  cuedInSet: Readonly<Partial<Record<Fault, number>>>;
  /** A correction or praise that waits for the count to be spoken; it is not kept for long. */
  waiting: { wish: Wish; untilS: number } | null;
};

export const newCues = (language: Language): CueState => ({
  language,
  busyUntilS: -Infinity,
  busyPriority: 0,
  lastS: {},
  corrections: 0,
  praises: 0,
  cleanReps: 0,
  cuedInARow: {},
  watched: null,
  shownInARow: {},
  cuedInSet: {},
  waiting: null,
});

const COOLDOWN: Partial<Record<string, number>> = rules.cooldown_s;
const SAME_CODE: Partial<Record<string, number>> = rules.same_code_cooldown_s;
const HAPTICS: Partial<Record<string, string>> = rules.haptics;
const HOLDS: Partial<Record<string, number>> = rules.holds_reps;
const MOST_IN_A_SET: Partial<Record<string, number>> = rules.most_in_a_set;
const PRAISE: readonly string[] = rules.praise;

/** The language of a BCP 47 tag, English where there are no words of it. */
export function languageOf(tag: string): Language {
  const name = tag.split('-')[0]?.toLowerCase();
  return LANGUAGES.find((known) => known === name) ?? 'en';
}

/** The words of a wish. */
export function textOf(language: Language, { code, params = {} }: Wish): string {
  if (code === 'count') return String(params.count ?? '');
  const words: Record<string, string> = texts[language];
  const text = words[code] ?? (texts.en as Record<string, string>)[code] ?? '';
  return text.replace(/{(\w+)}/g, (_, name: string) => String(params[name] ?? ''));
}

/** How long saying something takes, on the safe side. [s] */
export function speechS(language: Language, text: string): number {
  if (/^\d{1,3}$/.test(text)) return rules.speech.count_s;
  return rules.speech.start_s + text.length / rules.speech.chars_per_s[language];
}

/** Decide about what could be said at a moment: at most one utterance, the most important, or silence. */
export function say(state: CueState, wishes: readonly Wish[], tS: number): [CueState, Utterance | null] {
  const allowed = wishes.filter((wish) => mayBeSaid(state, wish, tS));
  const chosen = allowed.reduce<Wish | null>(
    (best, wish) => (best === null || rules.priority[wish.kind] > rules.priority[best.kind] ? wish : best),
    null,
  );
  if (chosen === null) return [state, null];
  const text = textOf(state.language, chosen);
  const priority = rules.priority[chosen.kind];
  const after: CueState = {
    ...state,
    busyUntilS: tS + speechS(state.language, text) + rules.min_gap_s,
    busyPriority: priority,
    lastS: { ...state.lastS, [chosen.kind]: tS, [chosen.code]: tS },
    corrections: state.corrections + (chosen.kind === 'correction' ? 1 : 0),
    praises: state.praises + (chosen.kind === 'praise' ? 1 : 0),
    cleanReps: chosen.kind === 'praise' ? 0 : state.cleanReps,
  };
  const haptic = (HAPTICS[chosen.kind] ?? null) as Utterance['haptic'];
  return [after, { ...chosen, tS, text, interrupts: tS < state.busyUntilS, haptic }];
}

function mayBeSaid(state: CueState, wish: Wish, tS: number): boolean {
  const since = (name: string) => tS - (state.lastS[name] ?? -Infinity);
  if (since(wish.kind) < (COOLDOWN[wish.kind] ?? 0)) return false;
  if (since(wish.code) < (SAME_CODE[wish.kind] ?? 0)) return false;
  const priority = rules.priority[wish.kind];
  // A cue that comes late is a wrong cue: what cannot be said now is dropped, never queued.
  return tS >= state.busyUntilS || (priority >= rules.interrupts_from && priority >= state.busyPriority);
}

/** What happened in the session at a moment, as something to say or nothing. */
export function cueStep(
  before: CueState,
  events: readonly SessionEvent[],
  tS: number,
): [CueState, Utterance | null] {
  let state = before;
  const wishes: Wish[] = [];
  if (state.waiting !== null && tS <= state.waiting.untilS) wishes.push(state.waiting.wish);
  for (const event of events) {
    if (event.kind === 'rep_closed' || event.kind === 'partial') state = afterAttempt(state, event.rep);
    else if (event.kind === 'set_done') state = { ...state, shownInARow: {}, cuedInSet: {} };
    if (event.kind === 'rep') {
      wishes.push({ kind: 'count', code: 'count', params: { count: event.count } });
    } else if (event.kind === 'rep_closed') {
      const [after, praise] = afterRep(state, event.rep);
      const wish = lasting(after, event.rep) ?? praise;
      state = wish === null ? after : waitingFor(after, wish, tS);
      if (wish !== null) wishes.push(wish);
    } else if (event.kind === 'partial') {
      const wish = lasting(state, event.rep);
      state = { ...state, cleanReps: 0 };
      if (wish !== null) {
        state = waitingFor(state, wish, tS);
        wishes.push(wish);
      }
      wishes.push({ kind: 'partial', code: 'partial' });
    } else if (event.kind === 'cue') {
      if (event.fault in HOLDS || !isDue(state, event.rep, event.fault)) continue;
      const wish = correction(state, event.fault);
      state = waitingFor(state, wish, tS);
      // Of two corrections the first is said: the engine's choice goes before what has lasted.
      wishes.unshift(wish);
    } else if (event.kind === 'hint') {
      wishes.push({ kind: 'setup', code: `setup.${event.hint}` });
    } else if (event.kind === 'state' && event.state === 'ready') {
      wishes.push({ kind: 'setup', code: 'setup.ready' });
    } else if (event.kind === 'lost') {
      wishes.push({ kind: 'lost', code: 'lost' });
    } else if (event.kind === 'set_done' && event.summary.count > 0) {
      wishes.push({ kind: 'set_done', code: 'set_done', params: { count: event.summary.count } });
    }
  }
  const [after, said] = say(state, wishes, tS);
  if (said === null) return [after, null];
  // Whatever else is said takes its place.
  if (said.kind !== 'correction' && said.kind !== 'escalate') return [{ ...after, waiting: null }, said];
  const fault = said.params?.fault as Fault;
  const row = said.kind === 'escalate' ? 0 : (after.cuedInARow[fault] ?? 0) + 1;
  const cuedInARow = { ...after.cuedInARow, [fault]: row };
  const cuedInSet = { ...after.cuedInSet, [fault]: (after.cuedInSet[fault] ?? 0) + 1 };
  return [{ ...after, waiting: null, watched: fault, cuedInARow, cuedInSet }, said];
}

const waitingFor = (state: CueState, wish: Wish, tS: number): CueState => ({
  ...state,
  waiting: { wish, untilS: tS + rules.waits_s },
});

/** Whether a repetition shows a fault for sure, and it was spoken of seldom enough in this set. */
function isDue(state: CueState, rep: JudgedRep, fault: Fault): boolean {
  const finding = rep.findings.find((one) => one.code === fault);
  const isSure = finding?.decision === 'fault' && (finding.probability ?? 0) >= rules.sure_probability;
  return isSure && (state.cuedInSet[fault] ?? 0) < (MOST_IN_A_SET[fault] ?? Infinity);
}

/** The correction of a fault that is spoken of only once several repetitions in a row showed it. */
function lasting(state: CueState, rep: JudgedRep): Wish | null {
  const lasted = (Object.keys(HOLDS) as Fault[]).filter(
    (fault) => (state.shownInARow[fault] ?? 0) >= (HOLDS[fault] ?? 1),
  );
  const fault = lasted.find((one) => isDue(state, rep, one));
  return fault === undefined ? null : correction(state, fault);
}

function correction(state: CueState, fault: Fault): Wish {
  if ((state.cuedInARow[fault] ?? 0) >= rules.escalate_after_cues) {
    return { kind: 'escalate', code: 'escalate', params: { fault } };
  }
  return { kind: 'correction', code: `correction.${fault}`, params: { fault } };
}

function afterAttempt(state: CueState, rep: JudgedRep): CueState {
  const shown = rep.findings.filter((finding) => finding.decision === 'fault').map(({ code }) => code);
  const row = (fault: Fault) => (state.shownInARow[fault] ?? 0) + 1;
  return { ...state, shownInARow: Object.fromEntries(shown.map((fault) => [fault, row(fault)])) };
}

function afterRep(before: CueState, rep: JudgedRep): [CueState, Wish | null] {
  let state = before;
  const isClear = (fault: Fault) =>
    rep.findings.some((finding) => finding.code === fault && finding.decision === 'none');
  for (const fault of Object.keys(state.cuedInARow) as Fault[]) {
    if (isClear(fault)) state = { ...state, cuedInARow: { ...state.cuedInARow, [fault]: 0 } };
  }
  const isClean = rep.score !== null && !rep.findings.some((finding) => finding.decision === 'fault');
  state = { ...state, cleanReps: isClean ? state.cleanReps + 1 : 0 };
  if (state.watched !== null && isClear(state.watched)) {
    return [
      { ...state, watched: null },
      { kind: 'praise', code: 'praise.better' },
    ];
  }
  // Praise is earned, and the more was corrected, the less it takes to hear some.
  const owes = state.corrections >= rules.corrections_per_praise * (state.praises + 1);
  const enough = owes ? Math.ceil(rules.praise_after_clean_reps / 2) : rules.praise_after_clean_reps;
  if (state.cleanReps < enough) return [state, null];
  const code = PRAISE[state.praises % PRAISE.length] ?? 'praise.line';
  return [state, { kind: 'praise', code }];
}
