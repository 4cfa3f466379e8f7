import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { ApiError } from '@/api/errors';
import { keys } from '@/api/queries';
import { later, type RoomValues, type Said, Sharing } from '@/live/together/sharing';
import type { StreamState } from '@/realtime/eventStream';
import { listenLive } from '@/realtime/liveSocket';

import { type Room, roomQuery, sayState } from './roomQueries';

function isRoom(value: unknown): value is Room {
  return typeof value === 'object' && value !== null && 'people' in value && 'cheers' in value;
}

/** Puts each room that the server sends where the fetched one is: a message is the whole room, so the last one counts. */
export function useLiveRoom(id: string): StreamState {
  const client = useQueryClient();
  const [state, setState] = useState<StreamState>('connecting');
  useEffect(() => {
    const { queryKey } = roomQuery(id);
    return listenLive(`/community/rooms/${encodeURIComponent(id)}/live`, {
      onState: setState,
      onGone: () => void client.invalidateQueries({ queryKey: keys.rooms }),
      onEvent: ({ type, data }) => {
        if (type !== 'community.room' || !isRoom(data)) return;
        // An answer on its way is older than this.
        void client.cancelQueries({ queryKey });
        client.setQueryData<Room>(queryKey, (held) => later(held, data));
      },
    });
  }, [client, id]);
  return state;
}

/** Says the session's values in the room; `read` is asked about once a second and knows nothing of the room. */
export function useSharing(
  id: string,
  seq: number,
  read: () => RoomValues | null,
): { isWatchingOnly: boolean } {
  const client = useQueryClient();
  const [isWatchingOnly, setWatchingOnly] = useState(false);
  const [firstSeq] = useState(seq);
  useEffect(() => {
    const send = async (said: Said) => {
      try {
        const known = await sayState(id, said);
        sharing.atLeast(known.seq);
        setWatchingOnly(known.is_watching_only);
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) {
          void client.invalidateQueries({ queryKey: keys.rooms });
        }
        throw error;
      }
    };
    const sharing = new Sharing({ read, send, seq: firstSeq });
    sharing.start();
    return () => void sharing.end();
  }, [client, firstSeq, id, read]);
  return { isWatchingOnly };
}
