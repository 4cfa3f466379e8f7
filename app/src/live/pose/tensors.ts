/** Where the tensors of the models are, found by their sizes: runtimes order them differently; pure. */
import { FORM_INPUT_SIZES, FORM_OUTPUTS } from './formModel';

export const sizeOf = (shape: ArrayLike<number>): number =>
  Array.from(shape).reduce((product, side) => product * side, 1);

/** The places of the outputs asked for, of a model that takes one picture. */
export function picturePlaces(
  inputs: readonly number[],
  outputs: readonly number[],
  inputPx: number,
  outputSizes: readonly number[],
): number[] {
  const places = outputSizes.map((wanted) => outputs.indexOf(wanted));
  if (inputs.length !== 1 || inputs[0] !== inputPx * inputPx * 3 || places.includes(-1)) {
    throw new Error(`The pose model takes ${String(inputs)} and gives ${String(outputs)}`);
  }
  return places;
}

export type StepPlaces = {
  memorySize: number;
  /** Of positions, certainties, time and memory. */
  inputs: number[];
  said: number;
  memory: number;
};

export function stepPlaces(inputs: readonly number[], outputs: readonly number[]): StepPlaces {
  const memorySize = Math.max(...inputs);
  const places = [...FORM_INPUT_SIZES, memorySize].map((wanted) => inputs.indexOf(wanted));
  const [said, memory] = [outputs.indexOf(FORM_OUTPUTS), outputs.indexOf(memorySize)];
  if (inputs.length !== places.length || places.includes(-1) || said < 0 || memory < 0) {
    throw new Error(`The form model takes ${String(inputs)} and gives ${String(outputs)}`);
  }
  return { memorySize, inputs: places, said, memory };
}
