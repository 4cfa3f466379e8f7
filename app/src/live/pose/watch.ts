/** Follows a playing video picture by picture: the newest one is looked at as soon as the last one is understood. */
import { type LivePose, WorkerLostError } from './livePose';
import type { Seen } from './messages';
import { Patience } from './patience';

const MS_PER_S = 1000;
/** A worker that says nothing for so long will say nothing more. [s] */
export const SILENT_S = 15;

export type Watcher = {
  onSeen: (seen: Seen) => void;
  /** A picture came while another was looked at, or could not be taken or read. */
  onPassedOver: (tS: number) => void;
  /** The worker broke down, or no picture can be read any more; nothing follows. */
  onLost: (error: unknown) => void;
};

export type Watch = { stop(): void };

/**
 * Look at a video's pictures until stopped. Times are those of the page's clock at which the camera took the picture.
 */
export function watch(
  video: HTMLVideoElement,
  pose: Pick<LivePose, 'look'>,
  { onSeen, onPassedOver, onLost }: Watcher,
): Watch {
  const patience = new Patience();
  let isStopped = false;
  let isBusy = false;
  let handle = 0;
  let lastS = -Infinity;

  const stop = () => {
    isStopped = true;
    video.cancelVideoFrameCallback(handle);
  };
  const lose = (error: unknown) => {
    stop();
    onLost(error);
  };
  const look = async (takenMs: number, tS: number) => {
    try {
      const seen = await pose.look(await pictureOf(video, takenMs), tS);
      if (isStopped) return;
      onSeen(seen);
      patience.good();
    } catch (error) {
      if (isStopped) return;
      const end = error instanceof WorkerLostError ? error : patience.bad(tS, error);
      onPassedOver(tS);
      if (end !== null) lose(end);
    }
  };
  const take = (takenMs: number) => {
    const tS = takenMs / MS_PER_S;
    if (isBusy) {
      onPassedOver(tS);
      if (tS - lastS > SILENT_S) lose(new WorkerLostError(`No answer of the pose worker for ${SILENT_S} s`));
      return;
    }
    if (tS <= lastS) return;
    isBusy = true;
    lastS = tS;
    void look(takenMs, tS).finally(() => {
      isBusy = false;
    });
  };
  const next = () => {
    handle = video.requestVideoFrameCallback((nowMs, { captureTime }) => {
      if (isStopped) return;
      next();
      take(captureTime ?? nowMs);
    });
  };
  next();
  return { stop };
}

/** The video's picture now, without a copy where the browser can do that. */
async function pictureOf(video: HTMLVideoElement, takenMs: number): Promise<VideoFrame | ImageBitmap> {
  if (typeof VideoFrame === 'undefined') {
    return createImageBitmap(video);
  }
  return new VideoFrame(video, { timestamp: Math.round(takenMs * MS_PER_S) });
}
