/** The phone's camera, the pose and the coach for as long as a set lasts. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { AppState } from 'react-native';

import { languageOf } from '@/live/cues/policy';
import { newVoice } from '@/live/cues/voice';
import { keptFormModels, refuseFormModels, updateFormModel } from '@/live/models/updating';
import type { Looker } from '@/live/pose/looker';
import type { Seen } from '@/live/pose/messages';
import { pixelsOfSquare, type Square } from '@/live/pose/phonePictures';
import { stayAwake } from '@/live/sensors/awake';

import { Coach } from './coach';
import { openCameras } from './phoneCameras';
import { SetClock } from './setClock';
import type { LiveSetState } from './useLiveSet';

type Parts = { looker: Looker; coach: Coach; clock: SetClock; letSleep: () => void };

export function usePhoneSet(language: string) {
  const [state, setState] = useState<LiveSetState>({ kind: 'intro' });
  const [seen, setSeen] = useState<Seen | null>(null);
  const [voice] = useState(newVoice);
  const parts = useRef<Parts | null>(null);
  const isGone = useRef(false);

  const letGo = useCallback(() => {
    parts.current?.letSleep();
    parts.current = null;
    voice.silence();
    setSeen(null);
  }, [voice]);

  /** The camera was taken away, or the models cannot be run. */
  const fail = useCallback(
    (problem: 'busy' | 'models') => {
      letGo();
      setState({ kind: 'problem', problem });
    },
    [letGo],
  );

  const start = useCallback(async () => {
    setState({ kind: 'loading' });
    voice.wake();
    try {
      const cameras = await openCameras();
      if (typeof cameras === 'string') {
        setState({ kind: 'problem', problem: cameras });
        return;
      }
      const { openPhonePose } = await import('@/live/pose/phonePose');
      const { looker, formModel, failed } = await openPhonePose(await keptFormModels());
      await refuseFormModels(failed);
      if (isGone.current) return;
      const coach = new Coach(language, formModel);
      parts.current = { looker, coach, clock: new SetClock(), letSleep: stayAwake(() => undefined) };
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
      if (!(error instanceof Error)) throw error;
      fail('models');
    }
  }, [fail, language, voice]);

  /** Understand a picture; the next one is taken when this is done. */
  const look = useCallback(
    async (square: Square, takenS: number): Promise<void> => {
      const used = parts.current;
      if (used === null) return;
      try {
        const shown = await used.looker.look(pixelsOfSquare(square), takenS);
        if (parts.current !== used) return;
        setSeen(shown);
        const said = used.coach.take({ ...shown, tS: used.clock.at(takenS) });
        if (said !== null) voice.say(said, languageOf(language));
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        if (parts.current === used) fail('models');
      }
    },
    [fail, language, voice],
  );

  const changeCamera = useCallback((id: string) => {
    // The two cameras may tell the time differently.
    parts.current?.clock.pause();
    parts.current?.looker.restart();
    setSeen(null);
    setState((now) => (now.kind === 'running' ? { ...now, cameraId: id, mirrored: id === 'front' } : now));
  }, []);

  const finish = useCallback(() => {
    const recording = parts.current?.coach.finish();
    letGo();
    if (recording !== undefined) setState({ kind: 'done', recording });
  }, [letGo]);

  // While people read what is to come; a set that starts before it is done runs on what the phone has.
  useEffect(() => void updateFormModel(), []);

  useEffect(() => {
    // Another app in front, a call: the set pauses, and goes on where it was.
    const watching = AppState.addEventListener('change', (now) => {
      const used = parts.current;
      if (used === null) return;
      const isPaused = now !== 'active';
      if (isPaused) {
        used.clock.pause();
        voice.silence();
      } else {
        used.looker.restart();
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

  const again = useCallback(() => setState({ kind: 'intro' }), []);
  return { state, seen, start, look, finish, changeCamera, again, fail, speaker: voice };
}
