/** The camera, the pose worker and the coach for as long as a set lasts. */
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

import { languageOf } from '@/live/cues/policy';
import { newVoice, type Voice } from '@/live/cues/voice';
import { keptFormModels, refuseFormModels, updateFormModel } from '@/live/models/updating';
import { LivePose } from '@/live/pose/livePose';
import type { Seen } from '@/live/pose/messages';
import { watch, type Watch } from '@/live/pose/watch';

import { type Camera, isMirrored, listCameras, openCamera } from './cameras';
import { Coach, type Recording } from './coach';
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
  | { kind: 'done'; recording: Recording }
  /** What was recorded until a set in progress ended is kept. */
  | { kind: 'problem'; problem: LiveProblem; recording: Recording | null };

type Parts = { pose: LivePose; stream: MediaStream; coach: Coach; watching: Watch | null; skippedS: number };

export function useLiveSet(stageRef: RefObject<Stage | null>, language: string, given?: Voice) {
  const [state, setState] = useState<LiveSetState>({ kind: 'intro' });
  const [voice] = useState(() => given ?? newVoice());
  const parts = useRef<Parts | null>(null);
  const isGone = useRef(false);
  const wakeLock = useRef<WakeLockSentinel | null>(null);

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
    setState({ kind: 'loading' });
    try {
      const stream = await openCamera(null);
      const pose = await openPose().catch((error: unknown) => {
        stream.getTracks().forEach((track) => track.stop());
        throw error;
      });
      const coach = new Coach(language, pose.ready.formModel);
      parts.current = { pose, stream, coach, watching: null, skippedS: 0 };
      wakeLock.current = await awake();
      if (isGone.current) {
        letGo();
        return;
      }
      const cameraId = stream.getVideoTracks()[0]?.getSettings().deviceId ?? null;
      setState({
        kind: 'running',
        coach,
        mirrored: isMirrored(stream),
        isPaused: false,
        cameras: await listCameras(),
        cameraId,
      });
    } catch (error) {
      fail(error);
    }
  }, [fail, language, letGo]);

  const changeCamera = useCallback(
    async (id: string) => {
      const used = parts.current;
      if (used === null) return;
      try {
        used.watching?.stop();
        used.stream.getTracks().forEach((track) => track.stop());
        used.stream = await openCamera(id);
        used.pose.restart();
        const mirrored = isMirrored(used.stream);
        setState((now) => (now.kind === 'running' ? { ...now, mirrored, cameraId: id } : now));
        follow();
      } catch (error) {
        fail(error);
      }
    },
    [fail, follow],
  );

  const finish = useCallback(() => {
    const recording = parts.current?.coach.finish() ?? null;
    letGo();
    if (recording !== null) setState({ kind: 'done', recording });
    return recording;
  }, [letGo]);

  // While people read what is to come; a set that starts before it is done runs on what the device has.
  useEffect(() => void updateFormModel(), []);

  const isRunning = state.kind === 'running';
  useEffect(() => {
    if (!isRunning) return;
    follow();
    let hiddenMs = 0;
    const onVisibility = () => {
      const used = parts.current;
      if (used === null) return;
      if (document.hidden) {
        hiddenMs = performance.now();
        used.watching?.stop();
        used.watching = null;
        voice.silence();
        setState((now) => (now.kind === 'running' ? { ...now, isPaused: true } : now));
      } else if (used.watching === null) {
        used.skippedS += (performance.now() - hiddenMs) / MS_PER_S;
        used.pose.restart();
        void awake().then((lock) => {
          wakeLock.current = lock;
        });
        setState((now) => (now.kind === 'running' ? { ...now, isPaused: false } : now));
        follow();
      }
    };
    document.addEventListener('visibilitychange', onVisibility);
    return () => document.removeEventListener('visibilitychange', onVisibility);
  }, [isRunning, follow, voice]);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
      letGo();
    };
  }, [letGo]);

  const again = useCallback(() => setState({ kind: 'intro' }), []);
  return { state, start, finish, changeCamera, again, speaker: voice };
}

/** The worker with the newest form model that works here. */
async function openPose(): Promise<LivePose> {
  const pose = await LivePose.open({ formModels: await keptFormModels() });
  await refuseFormModels(pose.ready.failed);
  return pose;
}

/** Keep the screen on; browsers that cannot are left alone. */
async function awake(): Promise<WakeLockSentinel | null> {
  try {
    return 'wakeLock' in navigator ? await navigator.wakeLock.request('screen') : null;
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
