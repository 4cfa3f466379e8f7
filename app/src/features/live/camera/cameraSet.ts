import type { ReactNode } from 'react';

import type { Voice } from '@/live/cues/voice';

import type { Speaker } from '../FeedbackChoice';
import type { Recording } from './coach';
import type { LiveSetState } from './useLiveSet';

export type RunningState = Extract<LiveSetState, { kind: 'running' }>;

/** Where a set is begun, so that one that was cut off is found again there, and with which voice if not one of its own. */
export type SetPlace = { place: string; voice?: Voice; onCutOff?: (recording: Recording) => void };

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
