/** The cameras of this device, and what keeps one from being used. */

export type Camera = { id: string; label: string };
export type CameraProblem = 'refused' | 'none' | 'busy' | 'unsupported';

const WIDTH_PX = 640;
const HEIGHT_PX = 480;
const FRAMES_PER_S = 30;

/** Open a camera; the picture stays small, for the model sees a part of 256 by 256. */
export function openCamera(id: string | null): Promise<MediaStream> {
  const size = { width: { ideal: WIDTH_PX }, height: { ideal: HEIGHT_PX } };
  const rate = { frameRate: { ideal: FRAMES_PER_S } };
  const which = id === null ? { facingMode: { ideal: 'user' } } : { deviceId: { exact: id } };
  return navigator.mediaDevices.getUserMedia({ audio: false, video: { ...size, ...rate, ...which } });
}

/** The cameras, by name once one of them may be used. */
export async function listCameras(): Promise<Camera[]> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices
    .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '')
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
}

/** Whether this browser can follow a camera at all. */
export function canFollow(): boolean {
  return (
    typeof navigator !== 'undefined' &&
    navigator.mediaDevices !== undefined &&
    typeof Worker !== 'undefined' &&
    typeof OffscreenCanvas !== 'undefined' &&
    'requestVideoFrameCallback' in HTMLVideoElement.prototype
  );
}

export function problemOf(error: unknown): CameraProblem | null {
  if (!(error instanceof DOMException)) return null;
  if (error.name === 'NotAllowedError' || error.name === 'SecurityError') return 'refused';
  if (error.name === 'NotFoundError' || error.name === 'OverconstrainedError') return 'none';
  return error.name === 'NotReadableError' || error.name === 'AbortError' ? 'busy' : null;
}

const INTERRUPTIONS = ['mute', 'unmute', 'ended'] as const;

/** Whether pictures come: a call takes the camera for a while, or for good. */
export const hasPicture = (stream: MediaStream): boolean =>
  stream.getVideoTracks().some(({ muted, readyState }) => !muted && readyState === 'live');

/** The camera was taken away, or unplugged; it must be opened anew. */
export const isOver = (stream: MediaStream): boolean =>
  stream.getVideoTracks().every(({ readyState }) => readyState === 'ended');

/** Hear when pictures cease to come and when they come again; returns how to hear no more. */
export function onInterruption(stream: MediaStream, heed: () => void): () => void {
  const tracks = stream.getVideoTracks();
  tracks.forEach((track) => INTERRUPTIONS.forEach((kind) => track.addEventListener(kind, heed)));
  return () =>
    tracks.forEach((track) => INTERRUPTIONS.forEach((kind) => track.removeEventListener(kind, heed)));
}

/** Front cameras are shown as a mirror. */
export function isMirrored(stream: MediaStream): boolean {
  return stream.getVideoTracks()[0]?.getSettings().facingMode !== 'environment';
}
