import { type InfiniteData, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { keys } from '@/api/queries';
import type { StreamState } from '@/realtime/eventStream';
import { listenLive } from '@/realtime/liveSocket';

import {
  type Board,
  boardQuery,
  evidenceQuery,
  type Likeness,
  type TeamBoard,
  teamBoardQuery,
  teamQuery,
} from './challengeQueries';

function isBoard(value: unknown): value is Board {
  return typeof value === 'object' && value !== null && 'challenge_id' in value && 'items' in value;
}

function isTeamBoard(value: unknown): value is TeamBoard {
  return isBoard(value) && 'team_size' in value;
}

/** Puts each board that the server sends where the fetched one is; whoever watches never asks again. */
export function useLiveBoard(id: string, like: readonly Likeness[]): StreamState {
  const client = useQueryClient();
  const [state, setState] = useState<StreamState>('connecting');
  const wanted = like.join();
  useEffect(() => {
    const chosen = wanted === '' ? [] : (wanted.split(',') as Likeness[]);
    const { queryKey } = boardQuery(id, chosen);
    return listenLive(`/community/challenges/${encodeURIComponent(id)}/live`, {
      hello: () => ({ like: chosen }),
      onState: setState,
      onGone: () => void client.invalidateQueries({ queryKey: keys.community }),
      onEvent: ({ type, data }) => {
        if (type === 'community.team_board' && isTeamBoard(data)) {
          const teams = teamBoardQuery(id).queryKey;
          void client.cancelQueries({ queryKey: teams });
          client.setQueryData(teams, data);
          if (data.own) void client.invalidateQueries(teamQuery(id, data.own.id));
          return;
        }
        if (type !== 'community.board' || !isBoard(data)) return;
        // An answer on its way is older than this.
        void client.cancelQueries({ queryKey });
        const known = client.getQueryData<InfiniteData<Board>>(queryKey)?.pages[0]?.own?.score;
        if (data.own?.score !== known) void client.invalidateQueries(evidenceQuery(id));
        client.setQueryData<InfiniteData<Board, string | null>>(queryKey, (held) => ({
          pages: [data, ...(held?.pages.slice(1) ?? [])],
          pageParams: held?.pageParams ?? [null],
        }));
      },
    });
  }, [client, id, wanted]);
  return state;
}
