// Feeds one clip's pictures to our pose worker and to MediaPipe's tasks-vision in a worker, and times both alike.
import { cueStep, newCues } from '../../app/src/live/cues/policy';
import { newPushUpEngine } from '../../app/src/live/engine/pushUp';
import { newSession, sessionStep } from '../../app/src/live/engine/session';
import { LivePose, frameOf } from '../../app/src/live/pose/livePose';
import { watch } from '../../app/src/live/pose/watch';

const JOINTS = 33;

/** MediaPipe in a worker of its own, behind the same two methods as our pose. */
class TasksVision {
  static async open() {
    const found = new TasksVision();
    found.worker = new Worker('/tasks_vision_worker.mjs', { type: 'module' });
    found.ready = await found.ask({ kind: 'load' });
    return found;
  }

  look(picture, tS) {
    return this.ask({ kind: 'look', tS, picture }, [picture]);
  }

  close() {
    this.worker.terminate();
  }

  ask(question, given = []) {
    return new Promise((resolve, reject) => {
      this.worker.onmessage = ({ data }) =>
        data.kind === 'failed' ? reject(new Error(data.message)) : resolve(data);
      this.worker.onerror = (event) => reject(new Error(event.message));
      this.worker.postMessage(question, given);
    });
  }
}

let pose = null;

const open = async (kind, options) => {
  pose = kind === 'ours' ? await LivePose.open(options) : await TasksVision.open();
  return pose.ready;
};

const close = () => pose.close();
const restart = () => pose.restart();

/** Look at the clip's own pictures, one after the other; says what was seen in each and how long all took. */
const replay = async ({ times, width, height, colorSpace, tStart = 0 }, wants) => {
  const pictures = await Promise.all(
    times.map(async (_, index) => (await fetch(`/frames/${index}`)).arrayBuffer()),
  );
  const engine = newPushUpEngine();
  const seen = [];
  const corrections = [];
  let session = newSession();
  let cues = newCues('en');
  let lookMs = 0;
  let engineMs = 0;
  let slowestStepMs = 0;
  for (const [index, content] of pictures.entries()) {
    const tS = tStart + times[index];
    const picture = new VideoFrame(content, {
      format: 'I420',
      codedWidth: width,
      codedHeight: height,
      timestamp: Math.round(tS * 1e6),
      colorSpace,
    });
    const startedMs = performance.now();
    const found = await pose.look(picture, tS);
    lookMs += performance.now() - startedMs;
    if (wants.engine) {
      const before = performance.now();
      engine.step(frameOf(found), tS, found.form);
      const stepMs = performance.now() - before;
      engineMs += stepMs;
      slowestStepMs = Math.max(slowestStepMs, stepMs);
      const [afterFrame, events] = sessionStep(session, frameOf(found), tS, found.form);
      const [afterCue, said] = cueStep(cues, events, tS);
      [session, cues] = [afterFrame, afterCue];
      if (said?.kind === 'correction') corrections.push(said.code);
    }
    if (wants.keypoints) {
      seen.push(found.xy === null ? null : Array.from(found.xy.slice(0, 2 * JOINTS)));
    }
  }
  if (wants.engine) engine.finish();
  return {
    seen,
    pictures: pictures.length,
    lookMs,
    engineMs,
    slowestStepMs,
    corrections,
    summary: wants.engine ? engine.summary() : null,
  };
};

/** Follow the camera for some seconds. */
const follow = async (seconds) => {
  const long = [];
  const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map((one) => one.duration)));
  const stream = await navigator.mediaDevices.getUserMedia({ video: true });
  const video = document.getElementById('camera');
  video.srcObject = stream;
  await video.play();
  const engine = newPushUpEngine();
  const lagsMs = [];
  const cueLagsMs = [];
  let error = null;
  let firstS = null;
  let lastS = null;
  observer.observe({ type: 'longtask' });
  const watched = { looked: 0, passedOver: 0 };
  const watching = watch(video, pose, {
    onSeen: (seen) => {
      watched.looked += 1;
      firstS ??= performance.now() / 1000;
      lastS = performance.now() / 1000;
      const events = seen.form === undefined ? [] : engine.step(frameOf(seen), seen.tS, seen.form);
      const lagMs = performance.now() - seen.tS * 1000;
      lagsMs.push(lagMs);
      if (events.some(({ kind }) => kind === 'rep' || kind === 'cue')) cueLagsMs.push(lagMs);
    },
    onPassedOver: () => {
      watched.passedOver += 1;
    },
    onLost: (problem) => {
      error = String(problem);
    },
  });
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  watching.stop();
  observer.disconnect();
  stream.getTracks().forEach((track) => track.stop());
  return { ...watched, seconds: lastS - firstS, lagsMs, cueLagsMs, longTasksMs: long, error };
};

window.live = { open, close, restart, replay, follow };
