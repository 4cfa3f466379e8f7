/** A model with one picture as its input, whatever runs it. */
export interface Graph {
  /** Run the model; the outputs asked for when it was loaded, in that order. */
  run(input: Float32Array): Promise<Float32Array[]>;
}

/** What the models take and give. */
export const DETECTOR = { inputPx: 224, outputSizes: [2254 * 12, 2254] } as const;
export const LANDMARKS = { inputPx: 256, outputSizes: [39 * 5, 1, 64 * 64 * 39, 39 * 3] } as const;
