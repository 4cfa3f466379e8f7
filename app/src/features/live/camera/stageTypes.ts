import type { Ref } from 'react';

import type { Seen } from '@/live/pose/messages';

export type Stage = {
  /** Show the camera's picture; the element that plays it. */
  play(stream: MediaStream): HTMLVideoElement | null;
  /** Draw what was seen over the picture. */
  draw(seen: Seen): void;
};

export type StageProps = {
  ref: Ref<Stage>;
  /** Show it as in a mirror, as one is used to from the front camera. */
  mirrored: boolean;
  label: string;
};
