/** Chooses the form model to run: the first that can be loaded and says of the golden frames what it should. */
import type { Candidate } from '@/live/models/keeping';
import type { Golden } from '@/live/models/statement';

import type { StepGraph } from './formModel';

/** Processors round differently; a model that means something else is far beyond this. [logits] */
export const GOLDEN_TOLERANCE = 1e-2;

export type Chosen = {
  graph: StepGraph;
  /** Null is the one that ships with the app. */
  number: number | null;
  /** Digests of those that failed. */
  failed: string[];
};

export async function chosenStepGraph(
  candidates: readonly Candidate[],
  shipped: () => Promise<StepGraph>,
  load: (candidate: Candidate) => Promise<StepGraph>,
): Promise<Chosen> {
  const failed: string[] = [];
  for (const candidate of candidates) {
    const { golden, number, sha256 } = candidate;
    const graph = await load(candidate).catch(() => null);
    if (graph !== null && (await saysAsBefore(graph, golden).catch(() => false)))
      return { graph, number, failed };
    failed.push(sha256);
  }
  return { graph: await shipped(), number: null, failed };
}

/** Whether a model says of the golden frames, one after the other, what was signed. */
export async function saysAsBefore(graph: StepGraph, { frames, outputs }: Golden): Promise<boolean> {
  let memory: Float32Array = new Float32Array(graph.memorySize);
  for (const [place, frame] of frames.entries()) {
    const said = await graph.run(
      Float32Array.from(frame.xy),
      Float32Array.from(frame.score),
      frame.step_s,
      memory,
    );
    const wanted = outputs[place]!;
    const agrees = wanted.every((value, index) => Math.abs(said.outputs[index]! - value) <= GOLDEN_TOLERANCE);
    if (said.outputs.length !== wanted.length || !agrees) return false;
    memory = said.memory;
  }
  return true;
}
