/** A set before the camera on this device: kept while it lasts, found again after a crash. */
import { useQuery } from '@tanstack/react-query';
import { type Dispatch, type SetStateAction, useCallback, useEffect, useMemo, useRef } from 'react';

import { meQuery } from '@/api/queries';
import { report } from '@/lib/report';
import type { Owner } from '@/live/sets/piece';
import { takePieces } from '@/live/sets/pieces';
import type { Pieces } from '@/live/sets/piecesTypes';

import type { SetPlace } from './cameraSet';
import { Coach, type Recording, recordingOf } from './coach';
import { type Keeping, PoseRecord } from './poseRecord';
import type { LiveSetState } from './useLiveSet';

/** Room for a set's pieces; null where the device gives none: the set is then in memory only. */
export async function begun(owner: Owner): Promise<Keeping | null> {
  const pieces = await takePieces();
  if (pieces === null) return null;
  return (await isEmptied(pieces)) ? { pieces, owner } : null;
}

async function isEmptied(pieces: Pieces): Promise<boolean> {
  try {
    await pieces.clear();
    return true;
  } catch {
    // What cannot be deleted must not come back as a part of this set.
    pieces.release();
    return false;
  }
}

/** The set of an athlete that was cut off at a place; null where there is none with a repetition in it. */
export async function cutOff(owner: Owner): Promise<Recording | null> {
  const pieces = await takePieces();
  if (pieces === null) return null;
  try {
    const found = await PoseRecord.cutOff({ pieces, owner });
    if (found !== null && (found.notes.reps.length > 0 || found.notes.open !== null))
      return recordingOf(found.record, found.notes, found.owner.formModel);
  } catch (error) {
    report('What was left of a set cannot be read', error);
  }
  pieces.release();
  return null;
}

/** Begins the sets of a screen at a place of their own, and shows and tells the one that a crash cut off there. */
export function useKeptSet(
  { place, onCutOff }: Pick<SetPlace, 'place' | 'onCutOff'>,
  setState: Dispatch<SetStateAction<LiveSetState>>,
) {
  const { data: athlete } = useQuery({ ...meQuery(), enabled: false });
  const owner = athlete?.id ?? '';
  const held = useRef<PoseRecord | null>(null);
  const cut = useRef<Recording | null>(null);
  const looking = useRef<Promise<unknown>>(Promise.resolve());

  /** The set was saved, or is not wanted. */
  const drop = useCallback(async () => {
    const record = held.current;
    held.current = null;
    cut.current = null;
    await record?.discard();
  }, []);

  useEffect(() => {
    if (owner === '') return;
    let isGone = false;
    looking.current = cutOff({ owner, place, formModel: null }).then((found) => {
      if (found === null) return;
      if (isGone) return found.seen.leave();
      held.current = found.seen;
      cut.current = found;
      setState({ kind: 'done', recording: found, wasCut: true });
      onCutOff?.(found);
    });
    return () => {
      isGone = true;
      // One that was cut off stays until it is saved or not wanted.
      if (cut.current !== null) cut.current.seen.leave();
      else void drop();
    };
  }, [owner, place, onCutOff, setState, drop]);

  /** False where a set that was cut off is told first. */
  const mayBegin = useCallback(async (): Promise<boolean> => {
    const told = cut.current;
    await looking.current;
    return cut.current === told;
  }, []);

  const newCoach = useCallback(
    async (language: string, formModel: number | null): Promise<Coach> => {
      await drop();
      const coach = new Coach(language, formModel, await begun({ owner, place, formModel }));
      held.current = coach.recorded;
      return coach;
    },
    [drop, owner, place],
  );

  return useMemo(() => ({ mayBegin, newCoach, drop }), [mayBegin, newCoach, drop]);
}
