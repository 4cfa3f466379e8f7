import type { Ref } from 'react';

export type VideoHandle = { seek: (t_s: number) => void };

export type VideoPlayerProps = {
  /** Address of the video on the server, from the root. */
  path: string;
  label: string;
  ref: Ref<VideoHandle>;
  onTime: (t_s: number) => void;
};
