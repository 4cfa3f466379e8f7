/** Follows a playing video picture by picture: the newest one is looked at as soon as the last one is understood. */
import type { LivePose } from './livePose';
import type { Seen } from './messages';

const MS_PER_S = 1000;

/** What came of the pictures so far; those that came while another was looked at were passed over. */
export type Watched = { looked: number; passedOver: number };

export type Watch = { stop(): void; watched: Watched };

/**
 * Look at a video's pictures until stopped. Times are those of the page's clock at which the camera took the picture.
 */
export function watch(
  video: HTMLVideoElement,
  pose: LivePose,
  onSeen: (seen: Seen) => void,
  onError: (error: unknown) => void,
): Watch {
  const watched: Watched = { looked: 0, passedOver: 0 };
  let isStopped = false;
  let isBusy = false;
  let handle = 0;
  let lastS = -Infinity;

  const take = (takenMs: number) => {
    const tS = takenMs / MS_PER_S;
    if (isBusy || tS <= lastS) {
      watched.passedOver += isBusy ? 1 : 0;
      return;
    }
    isBusy = true;
    lastS = tS;
    pictureOf(video, takenMs)
      .then((picture) => pose.look(picture, tS))
      .then((seen) => {
        watched.looked += 1;
        if (!isStopped) onSeen(seen);
      })
      .catch((error: unknown) => {
        if (!isStopped) onError(error);
      })
      .finally(() => {
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
  return {
    watched,
    stop: () => {
      isStopped = true;
      video.cancelVideoFrameCallback(handle);
    },
  };
}

/** The video's picture now, without a copy where the browser can do that. */
async function pictureOf(video: HTMLVideoElement, takenMs: number): Promise<VideoFrame | ImageBitmap> {
  if (typeof VideoFrame === 'undefined') {
    return createImageBitmap(video);
  }
  return new VideoFrame(video, { timestamp: Math.round(takenMs * MS_PER_S) });
}
