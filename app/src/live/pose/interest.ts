/** Whom the camera follows where several people are seen: whoever is in the posture of a push-up, then the largest. */
import { observe } from '@/live/engine/observation';
import { hasPushUpPosture } from '@/live/engine/counting';

import type { Body } from './landmarks';

const HALF_RATED_PX = 10_000;

export function interestInPushUps(body: Body): number {
  const frame = {
    tS: 0,
    xy: body.xyPx,
    score: body.visibility,
    worldM: body.worldM,
    widthPx: 0,
    heightPx: 0,
  };
  const side = body.nextRegion.sidePx;
  return (hasPushUpPosture(observe(frame, 0, null)) ? 1 : 0) + side / (side + HALF_RATED_PX);
}
