import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';

import { zonesQuery } from '@/api/queries';
import type { ZoneSport } from '@/api/types';
import type { Measured, Workout } from '@/live/player/workout';
import { NOTHING, type RoomValues, zoneOf } from '@/live/together/sharing';

const isZoned = (sport: string): sport is ZoneSport =>
  sport === 'cycling' || sport === 'running' || sport === 'swimming';

/** What a workout has to tell a room; made from what the player shows anyway. */
export function useToldOfWorkout(
  { sport, sets, timerS, isDone }: Workout,
  bpm: number | null,
  { speedMS, powerW }: Measured,
): () => RoomValues | null {
  const zoned = isZoned(sport) ? sport : 'running';
  const found = useQuery(zonesQuery(zoned, null)).data;
  const zones = found?.systems.find(({ id }) => id.startsWith('heart_rate'))?.zones ?? null;
  const newest = useRef<RoomValues | null>(null);
  useEffect(() => {
    newest.current = isDone
      ? null
      : {
          count: sets.length === 0 ? null : sets.reduce((sum, { reps }) => sum + reps, 0),
          elapsed_s: timerS,
          hr_bpm: bpm,
          zone: zoneOf(bpm, zones),
          speed_m_s: speedMS,
          power_w: powerW,
        };
  }, [bpm, isDone, powerW, sets, speedMS, timerS, zones]);
  return useCallback(() => newest.current, []);
}

/** What a set before the camera has to tell a room. */
export function useToldOfSet(count: () => number): () => RoomValues | null {
  const [startedMs] = useState(() => Date.now());
  return useCallback(
    () => ({ ...NOTHING, count: count(), elapsed_s: (Date.now() - startedMs) / 1_000 }),
    [count, startedMs],
  );
}
