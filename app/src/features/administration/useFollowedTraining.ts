import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { keys } from '@/api/queries';

import { queuesQuery } from './adminQueries';

const QUEUE = 'training';
const EVERY_MS = 2000;
/** Looks after the queue was empty: a short training may not be seen in it, and its last words come after it. */
const LOOKS = 4;

/** Fetches what administrators see again and again while a training waits or runs; returns how to begin with it. */
export function useFollowedTraining(): () => void {
  const client = useQueryClient();
  const { data, dataUpdatedAt } = useQuery(queuesQuery());
  const [looks, setLooks] = useState(0);
  const queue = data?.queues.find((one) => one.queue === QUEUE);
  const isAtWork = queue !== undefined && queue.waiting + queue.running > 0;
  useEffect(() => {
    if (!isAtWork && looks === 0) return undefined;
    const timer = setTimeout(() => {
      setLooks(isAtWork ? LOOKS : looks - 1);
      void client.invalidateQueries({ queryKey: keys.administration });
    }, EVERY_MS);
    return () => clearTimeout(timer);
  }, [client, isAtWork, looks, dataUpdatedAt]);
  return () => setLooks(LOOKS);
}
