/** The page's side of the pose worker: pictures go there, keypoints come back, one at a time. */
import type { Candidate } from '@/live/models/keeping';
import type { PoseFrame } from '@/live/types';

import type { FromWorker, Ready, Seen, ToWorker } from './messages';
import { triedAgain } from './tries';

/** Where the server keeps the worker, the runtime and the models. */
export const LIVE_FOLDER = '/live/';

type Settings = { mayUseGpu?: boolean; folder?: string; formModels?: Candidate[] };

/** The worker, the runtime or a model did not come from the server. */
export class UnfetchedError extends Error {
  override readonly name = 'UnfetchedError';
}

/** The worker broke down; it answers nothing any more. */
export class WorkerLostError extends Error {
  override readonly name = 'WorkerLostError';
}

const isUnfetched = (error: unknown): boolean => error instanceof UnfetchedError;

export class LivePose {
  /** What was asked last, answered or not. */
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly worker: Worker,
    readonly ready: Ready,
  ) {}

  /**
   * Start the worker and load the models; later nothing is fetched any more. What does not come from the server is
   * asked for again; a form model that brings the worker down is left out of a second one.
   */
  static async open({ formModels = [], ...settings }: Settings = {}): Promise<LivePose> {
    const started = (models: Candidate[]) =>
      triedAgain(() => LivePose.started({ ...settings, formModels: models }), isUnfetched);
    try {
      return await started(formModels);
    } catch (error) {
      if (formModels.length === 0 || isUnfetched(error)) throw error;
      const { worker, ready } = await started([]);
      return new LivePose(worker, { ...ready, failed: formModels.map(({ sha256 }) => sha256) });
    }
  }

  private static async started({ mayUseGpu = true, folder = LIVE_FOLDER, formModels = [] }: Settings) {
    const worker = new Worker(`${folder}pose-worker.js`);
    try {
      const ready = await asked<Ready>(worker, { kind: 'load', folder, mayUseGpu, formModels });
      return new LivePose(worker, ready);
    } catch (error) {
      worker.terminate();
      throw error;
    }
  }

  /** What a picture shows; the picture is given away. The next one waits for the answer. */
  look(picture: VideoFrame | ImageBitmap, tS: number): Promise<Seen> {
    const answered = this.turn.then(() => asked<Seen>(this.worker, { kind: 'look', tS, picture }, [picture]));
    this.turn = answered.catch(() => undefined);
    return answered;
  }

  /** Start a new recording. */
  restart(): void {
    this.worker.postMessage({ kind: 'restart' } satisfies ToWorker);
  }

  close(): void {
    this.worker.terminate();
  }
}

/** The keypoints as the engine takes them; null where nobody was seen. */
export function frameOf(seen: Seen): PoseFrame | null {
  if (seen.xy === null || seen.score === null) {
    return null;
  }
  const { tS, xy, score, worldM, widthPx, heightPx } = seen;
  return { tS, xy, score, worldM, widthPx, heightPx };
}

function asked<Answer extends FromWorker>(
  worker: Worker,
  question: ToWorker,
  given: Transferable[] = [],
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind === 'failed') {
        reject(data.isUnfetched ? new UnfetchedError(data.message) : new Error(data.message));
      } else {
        resolve(data as Answer);
      }
    };
    // A script that does not come is told without a word; a fault in one that runs has a message.
    worker.onerror = ({ message }) =>
      reject(message ? new WorkerLostError(message) : new UnfetchedError('The pose worker did not come'));
    worker.onmessageerror = () => reject(new WorkerLostError('An answer of the pose worker cannot be read'));
    worker.postMessage(question, given);
  });
}
