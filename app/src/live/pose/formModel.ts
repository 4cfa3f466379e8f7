/** The learned form model following one person, a step at a time, with its memory. */
import { KEYPOINTS, type Body } from './landmarks';
import type { FormStepOutput } from '@/live/types';

/** The model's graph: inputs and memory in, outputs and memory out. */
export interface StepGraph {
  readonly memorySize: number;
  run(
    xy: Float32Array,
    score: Float32Array,
    stepS: number,
    memory: Float32Array,
  ): Promise<{ outputs: Float32Array; memory: Float32Array }>;
}

export const FORM_INPUT_SIZES = [2 * KEYPOINTS, KEYPOINTS, 1] as const;
export const FORM_OUTPUTS = 25;

/** The model was trained on 10 to 17 frames a second; frames in between are passed over. */
const MIN_STEP_S = 0.055;
const MAX_STEP_S = 0.5;
const FIRST_STEP_S = 1 / 15;
const MIN_SCORE = 1e-3;
const FIRST_FAULT = 5;
const FAULTS = 9;
const EYES_AND_MOUTH = [0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9] as const;

/** The keypoint that takes the place of each in the mirror: left and right change sides. */
export const MIRRORED: readonly number[] = Array.from(
  { length: KEYPOINTS },
  (_, point) => EYES_AND_MOUTH[point] ?? (point % 2 === 1 ? point + 1 : point - 1),
);

/**
 * The form model. What it says is the mean over the picture and its mirror image, each with a memory of its own: which
 * way the athlete faces changes nothing.
 */
export class FormModel {
  private memory: Float32Array;
  private mirroredMemory: Float32Array;
  private lastS: number | null = null;
  private said: FormStepOutput | null = null;

  constructor(private readonly graph: StepGraph) {
    this.memory = new Float32Array(graph.memorySize);
    this.mirroredMemory = new Float32Array(graph.memorySize);
  }

  /** Take one frame; null is nobody. */
  async step(body: Pick<Body, 'xyPx' | 'visibility'> | null, tS: number): Promise<FormStepOutput | null> {
    const sinceS = this.lastS === null ? FIRST_STEP_S : tS - this.lastS;
    if (sinceS < MIN_STEP_S || (body === null && this.said === null)) {
      return this.said;
    }
    const xy = new Float32Array(2 * KEYPOINTS);
    const score = new Float32Array(KEYPOINTS);
    const mirroredXy = new Float32Array(2 * KEYPOINTS);
    const mirroredScore = new Float32Array(KEYPOINTS);
    if (body !== null) {
      xy.set(body.xyPx);
      score.set(body.visibility.map((certainty) => Math.min(1, Math.max(MIN_SCORE, certainty))));
      MIRRORED.forEach((from, to) => {
        mirroredXy[2 * to] = -xy[2 * from]!;
        mirroredXy[2 * to + 1] = xy[2 * from + 1]!;
        mirroredScore[to] = score[from]!;
      });
    }
    const stepS = Math.min(sinceS, MAX_STEP_S);
    const straight = await this.graph.run(xy, score, stepS, this.memory);
    const mirrored = await this.graph.run(mirroredXy, mirroredScore, stepS, this.mirroredMemory);
    this.memory = straight.memory;
    this.mirroredMemory = mirrored.memory;
    this.lastS = tS;
    this.said = {
      faultLogits: Array.from(
        { length: FAULTS },
        (_, fault) => (straight.outputs[FIRST_FAULT + fault]! + mirrored.outputs[FIRST_FAULT + fault]!) / 2,
      ),
    };
    return this.said;
  }
}
