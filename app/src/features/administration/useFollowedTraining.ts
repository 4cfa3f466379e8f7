import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { keys } from '@/api/queries';

import { queuesQuery } from './adminQueries';

const QUEUE = 'training';
const EVERY_MS = 2000;
/** Nobody takes what has waited so long without one that runs: no worker is there, and it is looked for seldom. */
const LONG_WAIT_S = 60;
const SELDOM_MS = 30_000;
/** Looks after the queue was empty: a short training may not be seen in it, and its last words come after it. */
const LOOKS = 4;

/** Fetches what administrators see again and again while a training waits or runs; returns how to begin with it. */
export function useFollowedTraining(): () => void {
  const client = useQueryClient();
  const { data, dataUpdatedAt } = useQuery(queuesQuery());
  const [looks, setLooks] = useState(0);
  const queue = data?.queues.find((one) => one.queue === QUEUE);
  const isAtWork = queue !== undefined && queue.waiting + queue.running > 0;
  const isAlone = queue?.running === 0 && (queue.longest_wait_s ?? 0) > LONG_WAIT_S;
  useEffect(() => {
    if (!isAtWork && looks === 0) return undefined;
    const timer = setTimeout(
      () => {
        setLooks(isAtWork ? LOOKS : looks - 1);
        void client.invalidateQueries({ queryKey: keys.administration });
      },
      isAlone ? SELDOM_MS : EVERY_MS,
    );
    return () => clearTimeout(timer);
  }, [client, isAlone, isAtWork, looks, dataUpdatedAt]);
  return () => setLooks(LOOKS);
}
