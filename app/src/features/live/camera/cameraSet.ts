import type { ReactNode } from 'react';

import type { Speaker } from '../FeedbackChoice';
import type { Recording } from './coach';
import type { LiveSetState } from './useLiveSet';

export type RunningState = Extract<LiveSetState, { kind: 'running' }>;

/** A set before the camera as screens use it, on any device. */
export type CameraSet = {
  state: LiveSetState;
  /** Whether this device can follow a camera at all. */
  isPossible: boolean;
  /** The camera's picture. */
  stage: (state: RunningState) => ReactNode;
  speaker: Speaker;
  onStart: () => void;
  /** End the set; null where none is running. */
  onFinish: () => Recording | null;
  onCamera: (id: string) => void;
  onAgain: () => void;
};
