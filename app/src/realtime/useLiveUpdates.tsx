import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';

import { keys } from '@/api/queries';

import { applyEvent, fetchAgain } from './applyEvent';
import type { StreamState } from './eventStream';
import { listenLive } from './liveSocket';

const LiveContext = createContext<StreamState>('connecting');

/** Events resume from the cursor, but only what came after the first connection: fetch what came before it. */
export function fetchWhatWasMissed(client: QueryClient, { isFirst }: { isFirst: boolean }): void {
  for (const key of isFirst ? [keys.jobs, keys.connections] : [[]]) fetchAgain(client, key);
}

/** Keeps what is on the screen in step with the server while someone is signed in. */
export function LiveUpdates({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<StreamState>('connecting');
  useEffect(() => {
    let wasDown = false;
    return listenLive('/events', {
      onEvent: (event) => applyEvent(client, event),
      onState: (next) => {
        setState(next);
        if (next === 'live') fetchWhatWasMissed(client, { isFirst: !wasDown });
        wasDown = next === 'down' || (wasDown && next !== 'live');
      },
    });
  }, [client]);
  return <LiveContext.Provider value={state}>{children}</LiveContext.Provider>;
}

export function useStreamState(): StreamState {
  return useContext(LiveContext);
}
