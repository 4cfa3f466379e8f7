import { serverAddress, streamToken } from '@/api/session';

import type { StreamSocket } from './eventStream';

/** Opens a socket of the API, for an `EventStream` that says who asks. */
export function openLive(path: string): StreamSocket {
  const address = serverAddress().replace(/^http/, 'ws');
  // Without a cookie the server waits for the token only where it is announced by the subprotocol.
  const protocols = streamToken() === null ? [] : ['topform'];
  return new WebSocket(`${address}/api/v1${path}`, protocols) as unknown as StreamSocket;
}
