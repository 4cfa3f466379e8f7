/** The models on the phone's TensorFlow Lite: on the processor, each run beside the app's own thread. */
import { loadTensorflowModel, type TfliteModel } from 'react-native-fast-tflite';

import type { StepGraph } from './formModel';
import type { Graph } from './graph';
import { picturePlaces, sizeOf, stepPlaces } from './tensors';

/** A model with one picture as its input. */
export async function loadGraph(
  address: string,
  inputPx: number,
  outputSizes: readonly number[],
): Promise<Graph> {
  const model = await loaded(address);
  const [inputs, outputs] = sizes(model);
  const places = picturePlaces(inputs, outputs, inputPx, outputSizes);
  return { run: (input) => read(model, [input], places) };
}

/** The form step model. */
export async function loadStepGraph(address: string): Promise<StepGraph> {
  const model = await loaded(address);
  const { memorySize, inputs: places, said, memory: after } = stepPlaces(...sizes(model));
  return {
    memorySize,
    run: async (xy, score, stepS, memory) => {
      const given: Float32Array[] = [];
      [xy, score, Float32Array.of(stepS), memory].forEach((values, index) => {
        given[places[index]!] = values;
      });
      const [outputs, newMemory] = await read(model, given, [said, after]);
      return { outputs: outputs!, memory: newMemory! };
    },
  };
}

/** Half precision, which graphics processors and neural engines reckon in, would move the keypoints: none is asked for. */
const loaded = (address: string): Promise<TfliteModel> => loadTensorflowModel({ url: address }, []);

const sizes = (model: TfliteModel): [number[], number[]] => [
  model.inputs.map(({ shape }) => sizeOf(shape)),
  model.outputs.map(({ shape }) => sizeOf(shape)),
];

/** Run a model and return the outputs at those places. */
async function read(
  model: TfliteModel,
  inputs: readonly Float32Array[],
  places: readonly number[],
): Promise<Float32Array[]> {
  const outputs = await model.run(inputs.map(octetsOf));
  // The library gives the same memory again and again: the next run would write over what this one said.
  return places.map((place) => new Float32Array(outputs[place]!.slice(0)));
}

/** Exactly the octets of the values: an array may be a part of a longer one. */
function octetsOf(values: Float32Array): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = values;
  const isWhole = byteOffset === 0 && byteLength === buffer.byteLength;
  return (isWhole ? buffer : buffer.slice(byteOffset, byteOffset + byteLength)) as ArrayBuffer;
}
