import { onlineManager } from '@tanstack/react-query';

import { renewSession, serverAddress, streamToken } from '@/api/session';

import { EventStream, type StreamOptions, type StreamSocket } from './eventStream';

type LiveOptions = Omit<StreamOptions, 'open' | 'token' | 'renew'>;

/** Listens to a socket of the API as the one who is signed in, until the function that it returns is called. */
export function listenLive(path: string, options: LiveOptions): () => void {
  const stream = new EventStream({
    ...options,
    open: () => openLive(path),
    token: streamToken,
    renew: renewSession,
  });
  stream.start();
  const unsubscribe = onlineManager.subscribe((online) => {
    if (online) stream.retryNow();
  });
  return () => {
    unsubscribe();
    stream.stop();
  };
}

function openLive(path: string): StreamSocket {
  const address = serverAddress().replace(/^http/, 'ws');
  // Without a cookie the server waits for the token only where it is announced by the subprotocol.
  const protocols = streamToken() === null ? [] : ['topform'];
  return new WebSocket(`${address}/api/v1${path}`, protocols) as unknown as StreamSocket;
}
