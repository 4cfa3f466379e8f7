// MediaPipe's own pose landmarker, as its documentation starts it, in a worker.
import { FilesetResolver, PoseLandmarker } from '/peer/vision_bundle.mjs';

let landmarker = null;
let lastMs = 0;

async function load() {
  const files = await FilesetResolver.forVisionTasks('/peer/wasm', true);
  landmarker = await PoseLandmarker.createFromOptions(files, {
    baseOptions: { modelAssetPath: '/pose.task', delegate: 'CPU' },
    runningMode: 'VIDEO',
    numPoses: 1,
  });
  return { kind: 'ready' };
}

function look({ picture, tS }) {
  const { displayWidth, displayHeight } = picture;
  lastMs = Math.max(lastMs + 1, Math.round(tS * 1000));
  const found = landmarker.detectForVideo(picture, lastMs);
  picture.close();
  const body = found.landmarks[0];
  const xy = body === undefined ? null : Float32Array.from(body.flatMap(({ x, y }) => [x * displayWidth, y * displayHeight]));
  return { kind: 'seen', tS, widthPx: displayWidth, heightPx: displayHeight, xy };
}

self.onmessage = async ({ data }) => {
  try {
    self.postMessage(data.kind === 'load' ? await load() : look(data));
  } catch (error) {
    self.postMessage({ kind: 'failed', message: String(error) });
  }
};
