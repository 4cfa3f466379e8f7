import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { fetchAgain } from '@/realtime/applyEvent';
import { listenLive } from '@/realtime/liveSocket';

import { postQuery } from './communityQueries';

/**
 * Has a post with its comments fetched again whenever it changes, while it is open: events go only to those who have to
 * do with it. Null for a post that is one's own, of another server, or not there.
 */
export function useOpenPost(id: string | null): void {
  const client = useQueryClient();
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (id === null) return;
    const { queryKey } = postQuery(id);
    return listenLive(`/community/posts/${encodeURIComponent(id)}/live`, {
      onState: () => undefined,
      onEvent: ({ type }) => {
        if (type === 'community.post_changed') fetchAgain(client, queryKey);
      },
      onGone: () => {
        // It may be back by now; then it is watched anew.
        void client.fetchQuery({ ...postQuery(id), staleTime: 0 }).then(
          () => setRound((before) => before + 1),
          () => undefined,
        );
      },
    });
  }, [client, id, round]);
}
