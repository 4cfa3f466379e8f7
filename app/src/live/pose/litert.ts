/** The models on LiteRT, in the worker: on the GPU where that is faster and says the same, else on the processor. */
import {
  getWebGpuDevice,
  loadAndCompile,
  loadLiteRt,
  supportsFeature,
  Tensor,
  type CompiledModel,
} from '@litertjs/core';

import type { StepGraph } from './formModel';
import type { Graph } from './graph';
import type { Processor } from './messages';
import { picturePlaces, sizeOf, stepPlaces } from './tensors';

const MAX_THREADS = 4;
/** The GPU's outputs may differ from the processor's by this much on the test picture. */
const TOLERANCE = 1;
const TRIALS = 3;

/** Load the runtime from the folder of its files; with threads where the page may share memory. */
export async function loadRuntime(folder: string): Promise<{ threads: number }> {
  const threads = self.crossOriginIsolated ? Math.min(MAX_THREADS, navigator.hardwareConcurrency || 1) : 1;
  const isThreaded =
    threads > 1 && (await supportsFeature('relaxedSimd')) && (await supportsFeature('threads'));
  // What the runtime notes about itself is for its makers; its faults are thrown.
  const silence = { print: () => undefined, printErr: () => undefined };
  // The threads start from this script; the runtime cannot tell by itself that it is not the worker's own.
  const script = { mainScriptUrlOrBlob: `${folder}litert_wasm_threaded_internal.js` };
  Object.assign(self, { Module: isThreaded ? { ...silence, ...script } : silence });
  await quietly(() => loadLiteRt(folder, { threads: isThreaded }));
  return { threads: isThreaded ? threads : 1 };
}

/** A model with one picture as its input, and on what it runs. */
export async function loadGraph(
  content: Uint8Array,
  inputPx: number,
  outputSizes: readonly number[],
  { threads, mayUseGpu }: { threads: number; mayUseGpu: boolean },
): Promise<{ graph: Graph; processor: Processor }> {
  const onProcessor = new PictureGraph(await compiled(content, 'wasm', threads), inputPx, outputSizes);
  if (!mayUseGpu || getWebGpuDevice() === null) {
    return { graph: onProcessor, processor: 'wasm' };
  }
  const onGpu = new PictureGraph(await compiled(content, 'webgpu', threads), inputPx, outputSizes);
  const picture = new Float32Array(inputPx * inputPx * 3).map((_, place) => (place % 97) / 97);
  const [slow, fast] = [await timed(onProcessor, picture), await timed(onGpu, picture)];
  const agrees = slow.outputs.every((output, index) =>
    output.every((value, place) => Math.abs(value - fast.outputs[index]![place]!) <= TOLERANCE),
  );
  const [used, unused, processor] =
    agrees && fast.tookMs < slow.tookMs
      ? ([onGpu, onProcessor, 'webgpu'] as const)
      : ([onProcessor, onGpu, 'wasm'] as const);
  unused.delete();
  return { graph: used, processor };
}

/** The form step model; it is far too small for a GPU. */
export async function loadStepGraph(content: Uint8Array): Promise<StepGraph> {
  const model = await compiled(content, 'wasm', 1);
  const { memorySize, inputs: places, said, memory: after } = stepPlaces(...sizes(model));
  return {
    memorySize,
    run: async (xy, score, stepS, memory) => {
      const given = [xy, score, Float32Array.of(stepS), memory];
      const tensors: Tensor[] = [];
      given.forEach((values, index) => {
        const place = places[index]!;
        tensors[place] = new Tensor(values, model.getInputDetails()[place]!.shape);
      });
      const [outputs, newMemory] = await read(model, tensors, [said, after]);
      return { outputs: outputs!, memory: newMemory! };
    },
  };
}

class PictureGraph implements Graph {
  private readonly shape: number[];
  private readonly places: number[];

  constructor(
    private readonly model: CompiledModel,
    inputPx: number,
    outputSizes: readonly number[],
  ) {
    this.shape = [1, inputPx, inputPx, 3];
    const [inputs, outputs] = sizes(model);
    this.places = picturePlaces(inputs, outputs, inputPx, outputSizes);
  }

  run(input: Float32Array): Promise<Float32Array[]> {
    return read(this.model, [new Tensor(input, this.shape)], this.places);
  }

  delete(): void {
    this.model.delete();
  }
}

async function compiled(
  content: Uint8Array,
  accelerator: Processor,
  threads: number,
): Promise<CompiledModel> {
  // Half precision would move the keypoints.
  return quietly(() =>
    loadAndCompile(content, {
      accelerator,
      cpuOptions: { numThreads: threads },
      gpuOptions: { precision: 'fp32' },
    }),
  );
}

/** Run a model on tensors that are given up, and return the outputs at those places. */
async function read(
  model: CompiledModel,
  inputs: Tensor[],
  places: readonly number[],
): Promise<Float32Array[]> {
  const outputs = await model.run(inputs);
  try {
    const found: Float32Array[] = [];
    for (const place of places) {
      found.push((await outputs[place]!.data()) as Float32Array);
    }
    return found;
  } finally {
    [...inputs, ...outputs].forEach((tensor) => tensor.delete());
  }
}

async function timed(
  graph: Graph,
  picture: Float32Array,
): Promise<{ outputs: Float32Array[]; tookMs: number }> {
  let outputs = await graph.run(picture);
  const startedMs = performance.now();
  for (let trial = 0; trial < TRIALS; trial += 1) {
    outputs = await graph.run(picture);
  }
  return { outputs, tookMs: performance.now() - startedMs };
}

/* eslint-disable no-console -- The runtime warns where there is no GPU, which is no fault. */
/** Do something without a word on the console. */
async function quietly<Result>(work: () => Promise<Result>): Promise<Result> {
  const warn = console.warn;
  console.warn = () => undefined;
  try {
    return await work();
  } finally {
    console.warn = warn;
  }
}
/* eslint-enable no-console */

const sizes = (model: CompiledModel): [number[], number[]] => [
  model.getInputDetails().map(({ shape }) => sizeOf(shape)),
  model.getOutputDetails().map(({ shape }) => sizeOf(shape)),
];
