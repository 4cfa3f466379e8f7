/** One live set in front of the camera: what was seen goes through the session and the cue policy; no screen in here. */
import { cueStep, languageOf, newCues, type CueState, type Utterance } from '@/live/cues/policy';
import { nearArm, observe } from '@/live/engine/observation';
import {
  finishSession,
  newSession,
  sessionStep,
  type SessionEvent,
  type SessionPhase,
  type SessionState,
  type SetupHint,
} from '@/live/engine/session';
import { frameOf } from '@/live/pose/livePose';
import type { Seen } from '@/live/pose/messages';
import type { Notes } from '@/live/sets/piece';
import type { JudgedRep } from '@/live/types';

import { type Keeping, PoseRecord } from './poseRecord';

/** What the screen shows. */
export type CoachView = {
  phase: SessionPhase;
  hint: SetupHint | null;
  /** Repetitions of all sets. */
  count: number;
  /** Those of the set that is done or, in a rest, was done last: the number that is said. */
  countOfSet: number;
  /** How far the arms are bent, 0 = straight, 1 = at a right angle; null where that is not seen. */
  bend: number | null;
  /** What was said last, but for counts: those stand in the ring. */
  caption: string | null;
  /** Whether the last picture showed somebody; nobody is missed before the first one. */
  isSeen: boolean;
};

/** What is left of the set. */
export type Recording = {
  reps: JudgedRep[];
  count: number;
  durationS: number;
  /** When the pictures were taken that were passed over, since the first one that was not. [s] */
  droppedS: number[];
  /** The keypoints of every picture, in case the athlete gives them. */
  seen: PoseRecord;
  /** Version of the form model that ran; null for the one that ships with the app. */
  formModel: number | null;
};

const STRAIGHT_DEG = 180;
const RIGHT_ANGLE_DEG = 90;
const STEPS = 40;
/** So long words stand at least, until a count shows that the set goes on. */
const CAPTION_S = 4;

const NOTHING: CoachView = {
  phase: 'calibrate',
  hint: null,
  count: 0,
  countOfSet: 0,
  bend: null,
  caption: null,
  isSeen: true,
};

export class Coach {
  view: CoachView = NOTHING;
  private session: SessionState = newSession();
  private cues: CueState;
  private wordsS = -Infinity;
  /** What the camera showed. */
  readonly recorded: PoseRecord;
  private readonly droppedS: number[] = [];
  private readonly listeners = new Set<() => void>();

  constructor(
    language: string,
    private readonly formModel: number | null = null,
    keeping: Keeping | null = null,
  ) {
    this.cues = newCues(languageOf(language));
    this.recorded = new PoseRecord(keeping);
  }

  /** Take what a picture showed; returns what is to be said now. */
  take(seen: Seen): Utterance | null {
    const frame = frameOf(seen);
    this.recorded.add(seen);
    const [session, events] = sessionStep(this.session, frame, seen.tS, seen.form);
    this.session = session;
    this.note(events);
    const said = this.speak(events, seen.tS);
    const elbowDeg = frame === null ? NaN : nearArm(observe(frame, seen.tS, null)).elbowDeg;
    const bend = Math.min(1, Math.max(0, (STRAIGHT_DEG - elbowDeg) / (STRAIGHT_DEG - RIGHT_ANGLE_DEG)));
    this.show({
      phase: session.phase,
      hint: session.hint,
      ...countsOf(session),
      bend: Number.isNaN(bend) ? null : Math.round(bend * STEPS) / STEPS,
      caption: this.captionAfter(said),
      isSeen: frame !== null,
    });
    return said;
  }

  /** A picture taken at `tS` was not looked at, or could not be read. */
  passOver(tS: number): void {
    this.droppedS.push(tS);
    this.recorded.passedOver(tS);
  }

  /** End the set and return what came of it. */
  finish(): Recording {
    const [session, events] = finishSession(this.session, this.recorded.lastS);
    this.session = session;
    this.note(events);
    this.show({ ...this.view, phase: session.phase });
    const reps = session.sets.flatMap((set) => set.reps);
    return recordingOf(this.recorded, { reps, open: null, droppedS: this.droppedS }, this.formModel);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): CoachView => this.view;

  private note(events: readonly SessionEvent[]): void {
    for (const event of events) {
      if (event.kind === 'rep_closed' || event.kind === 'partial') this.recorded.judged(event.rep);
    }
    if (!events.some(({ kind }) => kind === 'rep')) return;
    const [, ended] = finishSession(this.session, this.recorded.lastS);
    for (const event of ended) if (event.kind === 'rep_closed') this.recorded.counted(event.rep);
  }

  private speak(events: readonly SessionEvent[], tS: number): Utterance | null {
    const [cues, said] = cueStep(this.cues, events, tS);
    this.cues = cues;
    return said;
  }

  private captionAfter(said: Utterance | null): string | null {
    if (said === null) return this.view.caption;
    if (said.kind === 'count') return said.tS - this.wordsS > CAPTION_S ? null : this.view.caption;
    this.wordsS = said.tS;
    return said.text;
  }

  private show(next: CoachView): void {
    const names = Object.keys(next) as (keyof CoachView)[];
    if (names.some((name) => next[name] !== this.view[name])) {
      this.view = next;
      this.listeners.forEach((listener) => listener());
    }
  }
}

/** What is left of a set of which this was kept and noted, its first picture at time 0. */
export function recordingOf(
  seen: PoseRecord,
  { reps: judged, open, droppedS }: Notes,
  formModel: number | null,
): Recording {
  const { firstS, lastS } = seen;
  const reps = open === null ? judged : [...judged, open];
  const durationS = lastS - firstS;
  return {
    reps: reps.map((rep) => shifted(rep, firstS)),
    count: reps.filter(({ complete }) => complete).length,
    durationS,
    // One that could not be read is told after those that came meanwhile.
    droppedS: droppedS
      .map((tS) => tS - firstS)
      .filter((tS) => 0 <= tS && tS <= durationS)
      .sort((a, b) => a - b),
    seen,
    formModel,
  };
}

/** All repetitions so far, and those of the set that is done or, in a rest, was done last. */
function countsOf({ phase, sets, pushUps }: SessionState): Pick<CoachView, 'count' | 'countOfSet'> {
  const { count: running } = pushUps.count;
  const count = sets.reduce((sum, set) => sum + set.count, running);
  return { count, countOfSet: phase === 'rest' ? (sets.at(-1)?.count ?? running) : running };
}

function shifted(rep: JudgedRep, firstS: number): JudgedRep {
  return { ...rep, startS: rep.startS - firstS, turnS: rep.turnS - firstS, endS: rep.endS - firstS };
}
