/** The camera, the pose worker and the coach for as long as a set lasts. */
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

import { languageOf } from '@/live/cues/policy';
import { newVoice } from '@/live/cues/voice';
import { keptFormModels, refuseFormModels, updateFormModel } from '@/live/models/updating';
import { LivePose } from '@/live/pose/livePose';
import type { Seen } from '@/live/pose/messages';
import { watch, type Watch } from '@/live/pose/watch';

import {
  type Camera,
  hasPicture,
  isMirrored,
  isOver,
  listCameras,
  onInterruption,
  openCamera,
} from './cameras';
import type { SetPlace } from './cameraSet';
import type { Coach, Recording } from './coach';
import { useKeptSet } from './keptSet';
import { type LiveProblem, liveProblemOf, reportProblem } from './problems';
import type { Stage } from './stageTypes';

const MS_PER_S = 1000;

export type LiveSetState =
  | { kind: 'intro' }
  | { kind: 'loading' }
  | {
      kind: 'running';
      coach: Coach;
      mirrored: boolean;
      isPaused: boolean;
      cameras: Camera[];
      cameraId: string | null;
    }
  /** `wasCut`: not ended by the athlete, but by a crash before. */
  | { kind: 'done'; recording: Recording; wasCut: boolean }
  /** What was recorded until a set in progress ended is kept. */
  | { kind: 'problem'; problem: LiveProblem; recording: Recording | null };

type Parts = {
  pose: LivePose;
  stream: MediaStream;
  coach: Coach;
  watching: Watch | null;
  skippedS: number;
  /** Since when the set stands still; null while it does not. */
  stoodMs: number | null;
  isOpening: boolean;
};

export function useLiveSet(
  stageRef: RefObject<Stage | null>,
  language: string,
  { place, voice: given, onCutOff }: SetPlace,
) {
  const [state, setState] = useState<LiveSetState>({ kind: 'intro' });
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [voice] = useState(() => given ?? newVoice());
  const parts = useRef<Parts | null>(null);
  const isGone = useRef(false);
  const wakeLock = useRef<WakeLockSentinel | null>(null);
  const kept = useKeptSet({ place, onCutOff }, setState);

  const letGo = useCallback(() => {
    const used = parts.current;
    if (used === null) return;
    parts.current = null;
    used.watching?.stop();
    used.stream.getTracks().forEach((track) => track.stop());
    used.pose.close();
    voice.silence();
    void wakeLock.current?.release();
    wakeLock.current = null;
  }, [voice]);

  const fail = useCallback(
    (error: unknown) => {
      const recording = parts.current?.coach.finish() ?? null;
      letGo();
      const problem = liveProblemOf(error);
      reportProblem(problem, error);
      setState({ kind: 'problem', problem, recording });
    },
    [letGo],
  );

  const follow = useCallback(() => {
    const used = parts.current;
    const video = used === null ? null : stageRef.current?.play(used.stream);
    if (used === null || video === null || video === undefined) return;
    used.watching?.stop();
    const see = (seen: Seen) => {
      stageRef.current?.draw(seen);
      // The clock of the set stands still while it is paused.
      const said = used.coach.take({ ...seen, tS: seen.tS - used.skippedS });
      if (said !== null) {
        performance.measure('topform.cue', { start: seen.tS * MS_PER_S, end: performance.now() });
        voice.say(said, languageOf(language));
      }
    };
    const passOver = (tS: number) => used.coach.passOver(tS - used.skippedS);
    used.watching = watch(video, used.pose, { onSeen: see, onPassedOver: passOver, onLost: fail });
  }, [fail, language, stageRef, voice]);

  const start = useCallback(async () => {
    if (!(await kept.mayBegin())) return;
    setState({ kind: 'loading' });
    try {
      const stream = await openCamera(null);
      const pose = await openPose().catch((error: unknown) => {
        stream.getTracks().forEach((track) => track.stop());
        throw error;
      });
      const coach = await kept.newCoach(language, pose.ready.formModel);
      parts.current = { pose, stream, coach, watching: null, skippedS: 0, stoodMs: null, isOpening: false };
      wakeLock.current = await awake();
      if (isGone.current) {
        letGo();
        void kept.drop();
        return;
      }
      const cameras = await listCameras();
      const cameraId = cameraIdOf(stream);
      setStream(stream);
      setState({ kind: 'running', coach, mirrored: isMirrored(stream), isPaused: false, cameras, cameraId });
    } catch (error) {
      fail(error);
    }
  }, [fail, kept, language, letGo]);

  const changeCamera = useCallback(
    async (id: string | null) => {
      const used = parts.current;
      if (used === null || used.isOpening) return;
      used.isOpening = true;
      try {
        used.watching?.stop();
        used.watching = null;
        used.stoodMs ??= performance.now();
        used.stream.getTracks().forEach((track) => track.stop());
        used.stream = await openCamera(id);
        setStream(used.stream);
        const mirrored = isMirrored(used.stream);
        const cameraId = cameraIdOf(used.stream);
        setState((now) => (now.kind === 'running' ? { ...now, mirrored, cameraId } : now));
      } catch (error) {
        fail(error);
      } finally {
        used.isOpening = false;
      }
    },
    [fail],
  );

  const finish = useCallback(() => {
    const recording = parts.current?.coach.finish() ?? null;
    letGo();
    if (recording !== null) setState({ kind: 'done', recording, wasCut: false });
    return recording;
  }, [letGo]);

  // While people read what is to come; a set that starts before it is done runs on what the device has.
  useEffect(() => void updateFormModel(), []);

  const isRunning = state.kind === 'running';
  useEffect(() => {
    const used = parts.current;
    if (!isRunning || used === null || stream === null) return;
    /** The page is hidden, or a call has the camera: the set stands still, and goes on where it was. */
    const heed = () => {
      if (parts.current !== used) return;
      const isLooking = !document.hidden && hasPicture(stream);
      if (!isLooking && used.watching !== null) {
        used.stoodMs = performance.now();
        used.watching.stop();
        used.watching = null;
        voice.silence();
      } else if (isLooking && used.watching === null) {
        if (used.stoodMs !== null) {
          used.skippedS += (performance.now() - used.stoodMs) / MS_PER_S;
          used.stoodMs = null;
          used.pose.restart();
          void awake().then((lock) => {
            wakeLock.current = lock;
          });
        }
        follow();
      }
      setState((now) => (now.kind === 'running' ? { ...now, isPaused: !isLooking } : now));
      if (!document.hidden && isOver(stream)) void changeCamera(cameraIdOf(stream));
    };
    heed();
    const hearNoMore = onInterruption(stream, heed);
    document.addEventListener('visibilitychange', heed);
    return () => {
      hearNoMore();
      document.removeEventListener('visibilitychange', heed);
    };
  }, [isRunning, stream, changeCamera, follow, voice]);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
      letGo();
    };
  }, [letGo]);

  const again = useCallback(() => {
    void kept.drop();
    setState({ kind: 'intro' });
  }, [kept]);
  return { state, start, finish, changeCamera, again, speaker: voice };
}

/** The worker with the newest form model that works here. */
async function openPose(): Promise<LivePose> {
  const pose = await LivePose.open({ formModels: await keptFormModels() });
  await refuseFormModels(pose.ready.failed);
  return pose;
}

const cameraIdOf = (stream: MediaStream): string | null =>
  stream.getVideoTracks()[0]?.getSettings().deviceId ?? null;

/** Keep the screen on; browsers that cannot are left alone. */
async function awake(): Promise<WakeLockSentinel | null> {
  try {
    return 'wakeLock' in navigator ? await navigator.wakeLock.request('screen') : null;
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
