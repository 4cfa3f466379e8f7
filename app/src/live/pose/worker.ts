/** The worker that sees: pictures in, keypoints out. Nothing of a picture leaves it. */
import { DETECTOR, LANDMARKS } from './graph';
import { loadGraph, loadRuntime, loadStepGraph } from './litert';
import { Looker } from './looker';
import type { FromWorker, Load, Look, ToWorker } from './messages';
import { pixelsOf } from './pictures';
import { chosenStepGraph } from './stepGraph';

let looker: Looker | null = null;

class Unfetched extends Error {
  override readonly name = 'Unfetched';
}

async function load({ folder, mayUseGpu, formModels }: Load): Promise<FromWorker> {
  const [{ threads }, detector, landmarks] = await Promise.all([
    // All its files are fetched before it is there; why it is not, it does not say.
    loadRuntime(folder).catch((error: unknown) => {
      throw new Unfetched(`The runtime is not there: ${String(error)}`);
    }),
    fetched(`${folder}pose_detector.tflite`),
    fetched(`${folder}pose_landmark_full.tflite`),
  ]);
  const found = await loadGraph(detector, DETECTOR.inputPx, DETECTOR.outputSizes, {
    threads,
    mayUseGpu: false,
  });
  const followed = await loadGraph(landmarks, LANDMARKS.inputPx, LANDMARKS.outputSizes, {
    threads,
    mayUseGpu,
  });
  const step = await chosenStepGraph(
    formModels,
    async () => loadStepGraph(await fetched(`${folder}push_up_form.tflite`)),
    ({ content }) => loadStepGraph(content),
  );
  looker = new Looker({ detector: found.graph, landmarks: followed.graph, step: step.graph });
  return {
    kind: 'ready',
    processor: followed.processor,
    threads,
    formModel: step.number,
    failed: step.failed,
  };
}

async function look({ picture, tS }: Look): Promise<FromWorker> {
  const startedMs = performance.now();
  const pixels = await pixelsOf(picture);
  if (looker === null) {
    throw new Error('The models are not loaded');
  }
  return looker.look(pixels, tS, startedMs);
}

async function fetched(address: string): Promise<Uint8Array> {
  try {
    const answer = await fetch(address);
    if (answer.ok) {
      return new Uint8Array(await answer.arrayBuffer());
    }
    throw new Error(`answered ${answer.status}`);
  } catch (error) {
    throw new Unfetched(`${address} did not come: ${String(error)}`);
  }
}

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'restart') {
    looker?.restart();
    return;
  }
  (data.kind === 'load' ? load(data) : look(data)).then(
    (answer) => self.postMessage(answer),
    (error: unknown) => {
      const isUnfetched = error instanceof Unfetched;
      self.postMessage({ kind: 'failed', message: String(error), isUnfetched } satisfies FromWorker);
    },
  );
};
