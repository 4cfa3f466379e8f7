import { onlineManager, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';

import { keys } from '@/api/queries';
import { renewSession, serverAddress, streamToken } from '@/api/session';

import { applyEvent } from './applyEvent';
import { EventStream, type StreamSocket, type StreamState } from './eventStream';

const LiveContext = createContext<StreamState>('connecting');

function openSocket(): StreamSocket {
  const address = serverAddress().replace(/^http/, 'ws');
  // Without a cookie the server waits for the token only where it is announced by the subprotocol.
  const protocols = streamToken() === null ? [] : ['topform'];
  return new WebSocket(`${address}/api/v1/events`, protocols) as unknown as StreamSocket;
}

/** Keeps what is on the screen in step with the server while someone is signed in. */
export function LiveUpdates({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<StreamState>('connecting');
  useEffect(() => {
    let wasDown = false;
    const stream = new EventStream({
      open: openSocket,
      token: streamToken,
      renew: renewSession,
      onEvent: (event) => applyEvent(client, event),
      onState: (next) => {
        setState(next);
        // Events resume from the cursor, but only what came after the first connection: fetch what came before it.
        if (next === 'live' && wasDown) void client.invalidateQueries();
        else if (next === 'live') {
          void client.invalidateQueries({ queryKey: keys.jobs });
          void client.invalidateQueries({ queryKey: keys.connections });
        }
        wasDown = next === 'down' || (wasDown && next !== 'live');
      },
    });
    stream.start();
    const unsubscribe = onlineManager.subscribe((online) => {
      if (online) stream.retryNow();
    });
    return () => {
      unsubscribe();
      stream.stop();
    };
  }, [client]);
  return <LiveContext.Provider value={state}>{children}</LiveContext.Provider>;
}

export function useStreamState(): StreamState {
  return useContext(LiveContext);
}
