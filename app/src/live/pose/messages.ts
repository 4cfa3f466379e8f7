/** What the page and the pose worker say to each other. */
import type { Candidate } from '@/live/models/keeping';
import type { FormStepOutput } from '@/live/types';

export type Processor = 'wasm' | 'webgpu';

/** Where the worker finds its files, whether it may use the GPU, and form models to try before the shipped one. */
export type Load = { kind: 'load'; folder: string; mayUseGpu: boolean; formModels: Candidate[] };

/** One picture of the camera; it is closed by the worker. */
export type Look = { kind: 'look'; tS: number; picture: VideoFrame | ImageBitmap };

/** Start a new recording: nobody is followed, the form model remembers nothing. */
export type Restart = { kind: 'restart' };

export type ToWorker = Load | Look | Restart;

/** `formModel` is the version that runs, null the shipped one; `failed` are digests of those that could not. */
export type Ready = {
  kind: 'ready';
  processor: Processor;
  threads: number;
  formModel: number | null;
  failed: string[];
};

/** What one picture showed; null keypoints are nobody. */
export type Seen = {
  kind: 'seen';
  tS: number;
  widthPx: number;
  heightPx: number;
  xy: Float32Array | null;
  score: Float32Array | null;
  worldM: Float32Array | null;
  form: FormStepOutput | null;
  tookMs: number;
};

/** `isUnfetched`: a file did not come from the server, which may be different a moment later. */
export type Failed = { kind: 'failed'; message: string; isUnfetched: boolean };

export type FromWorker = Ready | Seen | Failed;
