/** What the parts of the live coach say to each other: pose, form model, engine, session, cues. */

/** One frame as the pose model sees it; NaN = not observed. */
export type PoseFrame = {
  /** Time of the frame on the camera's clock. [s] */
  tS: number;
  /** 33 times x, y in pixels of the upright frame. */
  xy: Float32Array;
  /** Certainty of each of the 33 keypoints, 0..1. */
  score: Float32Array;
  /** 33 times x, y, z in metres from the hip centre, null where the model gives none. */
  worldM: Float32Array | null;
  widthPx: number;
  heightPx: number;
};

/** What the form step model says after a frame: the mean over the picture and its mirror image. */
export type FormStepOutput = {
  /** One for each of the engine's faults, in its order; 0 = even odds. */
  faultLogits: ArrayLike<number>;
};

export type Fault =
  | 'hips_sag'
  | 'hips_pike'
  | 'shallow_depth'
  | 'incomplete_lockout'
  | 'elbow_flare'
  | 'head_drop'
  | 'asymmetry'
  | 'too_fast'
  | 'worming';

export type Decision = 'fault' | 'borderline' | 'none' | 'abstain';

export type Phase = 'away' | 'top' | 'eccentric' | 'concentric';

/** One fault in one repetition; the probability is null where nothing could be measured. */
export type Finding = {
  code: Fault;
  decision: Decision;
  probability: number | null;
  reason: string;
  measured: number | null;
  learnedProbability: number | null;
};

/** One repetition or attempt; times are those of the frames. */
export type JudgedRep = {
  index: number;
  startS: number;
  turnS: number;
  endS: number;
  complete: boolean;
  rangeM: number;
  minElbowDeg: number | null;
  maxElbowDeg: number | null;
  bodyLineDeg: number | null;
  /** 0..100; null where the line of the body or the depth could not be seen. */
  score: number | null;
  findings: Finding[];
};

/** What happened at a frame, in order. */
export type LiveEvent =
  | { kind: 'in_position' | 'out_of_position' | 'phase'; tS: number; phase: Phase; count: number }
  /** `rep` as soon as a repetition is sure; `rep_closed` when it is complete and judged. */
  | { kind: 'rep'; tS: number; phase: Phase; count: number; startS: number; turnS: number; endS: number }
  | { kind: 'partial' | 'rep_closed'; tS: number; phase: Phase; count: number; rep: JudgedRep }
  /** The one fault to speak of now. */
  | { kind: 'cue'; tS: number; fault: Fault; rep: JudgedRep };

export type LiveSetSummary = {
  exercise: 'push_up';
  count: number;
  partialCount: number;
  startedS: number | null;
  endedS: number | null;
  reps: JudgedRep[];
  /** How many complete repetitions showed each fault, the most frequent first. */
  faults: { code: Fault; reps: number }[];
};

export interface LiveEngine {
  /** Take one frame; a null frame is nobody. Times increase. */
  step(frame: PoseFrame | null, tS: number, form: FormStepOutput | null): LiveEvent[];
  /** Close what is open at the end of the set. */
  finish(): LiveEvent[];
  summary(): LiveSetSummary;
}
