/** The page's side of the pose worker: pictures go there, keypoints come back, one at a time. */
import type { Candidate } from '@/live/models/keeping';
import type { PoseFrame } from '@/live/types';

import type { FromWorker, Ready, Seen, ToWorker } from './messages';

/** Where the server keeps the worker, the runtime and the models. */
export const LIVE_FOLDER = '/live/';

type Settings = { mayUseGpu?: boolean; folder?: string; formModels?: Candidate[] };

export class LivePose {
  private constructor(
    private readonly worker: Worker,
    readonly ready: Ready,
  ) {}

  /**
   * Start the worker and load the models; later nothing is fetched any more. A form model that brings the worker down
   * is left out of a second one.
   */
  static async open({ formModels = [], ...settings }: Settings = {}): Promise<LivePose> {
    try {
      return await LivePose.started({ formModels, ...settings });
    } catch (error) {
      if (formModels.length === 0) throw error;
      const { worker, ready } = await LivePose.started({ ...settings, formModels: [] });
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
    return asked<Seen>(this.worker, { kind: 'look', tS, picture }, [picture]);
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
        reject(new Error(data.message));
      } else {
        resolve(data as Answer);
      }
    };
    worker.onerror = (event) => reject(new Error(event.message || 'The pose worker cannot be started'));
    worker.postMessage(question, given);
  });
}
