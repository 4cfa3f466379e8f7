/** The phone's camera, the pose and the coach for as long as a set lasts. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { AppState } from 'react-native';

import { languageOf } from '@/live/cues/policy';
import { newVoice } from '@/live/cues/voice';
import { keptFormModels, refuseFormModels, updateFormModel } from '@/live/models/updating';
import type { Seen } from '@/live/pose/messages';
import type { Square } from '@/live/pose/phonePictures';
import { stayAwake } from '@/live/sensors/awake';

import type { SetPlace } from './cameraSet';
import { useKeptSet } from './keptSet';
import { openCameras } from './phoneCameras';
import { PhoneSet } from './phoneSet';
import { type LiveProblem, liveProblemOf, reportProblem } from './problems';
import type { LiveSetState } from './useLiveSet';

type Parts = { set: PhoneSet; letSleep: () => void };

export function usePhoneSet(language: string, { place, voice: given, onCutOff }: SetPlace) {
  const [state, setState] = useState<LiveSetState>({ kind: 'intro' });
  const [seen, setSeen] = useState<Seen | null>(null);
  const [voice] = useState(() => given ?? newVoice());
  const parts = useRef<Parts | null>(null);
  const isGone = useRef(false);
  const kept = useKeptSet({ place, onCutOff }, setState);

  const letGo = useCallback(() => {
    const used = parts.current;
    if (used === null) return;
    parts.current = null;
    used.set.end();
    used.letSleep();
    voice.silence();
    setSeen(null);
  }, [voice]);

  /** The camera was taken away, the models cannot be run, or no picture can be read any more. */
  const fail = useCallback(
    (problem: LiveProblem, reason: unknown) => {
      const recording = parts.current?.set.coach.finish() ?? null;
      letGo();
      reportProblem(problem, reason);
      setState({ kind: 'problem', problem, recording });
    },
    [letGo],
  );

  const start = useCallback(async () => {
    voice.wake();
    if (!(await kept.mayBegin())) return;
    setState({ kind: 'loading' });
    try {
      const cameras = await openCameras();
      if (typeof cameras === 'string') {
        setState({ kind: 'problem', problem: cameras, recording: null });
        return;
      }
      const { openPhonePose } = await import('@/live/pose/phonePose');
      const { looker, formModel, failed } = await openPhonePose(await keptFormModels());
      await refuseFormModels(failed);
      if (isGone.current) return;
      const coach = await kept.newCoach(language, formModel);
      if (isGone.current) {
        await kept.drop();
        return;
      }
      const set = new PhoneSet(coach, looker, (error) => fail(liveProblemOf(error), error));
      parts.current = { set, letSleep: stayAwake(() => undefined) };
      const cameraId = cameras[0]?.id ?? null;
      setState({
        kind: 'running',
        coach,
        mirrored: cameraId === 'front',
        isPaused: false,
        cameras,
        cameraId,
      });
    } catch (error) {
      // A model that the phone's runtime does not take, for example; the screen says so.
      fail('models', error);
    }
  }, [fail, kept, language, voice]);

  /** Understand a picture; the next one is taken when this is done. */
  const look = useCallback(
    async (square: Square, takenS: number): Promise<void> => {
      await parts.current?.set.look(square, takenS, (shown, said) => {
        setSeen(shown);
        if (said !== null) voice.say(said, languageOf(language));
      });
    },
    [language, voice],
  );
  const passOver = useCallback((takenS: number): void => parts.current?.set.passOver(takenS), []);
  const unread = useCallback(
    (reason: unknown, takenS: number): void => parts.current?.set.unread(reason, takenS),
    [],
  );

  const changeCamera = useCallback((id: string) => {
    // The two cameras may tell the time differently.
    parts.current?.set.pause();
    parts.current?.set.restart();
    setSeen(null);
    setState((now) => (now.kind === 'running' ? { ...now, cameraId: id, mirrored: id === 'front' } : now));
  }, []);

  const finish = useCallback(() => {
    const recording = parts.current?.set.coach.finish() ?? null;
    letGo();
    if (recording !== null) setState({ kind: 'done', recording, wasCut: false });
    return recording;
  }, [letGo]);

  // While people read what is to come; a set that starts before it is done runs on what the phone has.
  useEffect(() => void updateFormModel(), []);

  useEffect(() => {
    // Another app in front, a call: the set pauses, and goes on where it was.
    const watching = AppState.addEventListener('change', (now) => {
      const set = parts.current?.set;
      if (set === undefined) return;
      const isPaused = now !== 'active';
      if (isPaused) {
        set.pause();
        voice.silence();
      } else {
        set.restart();
      }
      setState((before) => (before.kind === 'running' ? { ...before, isPaused } : before));
    });
    return () => watching.remove();
  }, [voice]);

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
  return { state, seen, start, look, unread, passOver, finish, changeCamera, again, fail, speaker: voice };
}
