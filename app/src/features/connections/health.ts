/** How well a connection works, in one word. */
import type { Connection } from '@/api/types';
import type { Tone } from '@/design';

export type Health = 'working' | 'waiting' | 'running' | 'failing' | 'needsSignIn' | 'disconnecting' | 'new';

export const healthTone: Record<Health, Tone> = {
  working: 'success',
  waiting: 'info',
  running: 'info',
  failing: 'warning',
  needsSignIn: 'danger',
  disconnecting: 'neutral',
  new: 'neutral',
};

export function healthOf(
  connection: Pick<Connection, 'state' | 'run' | 'error' | 'last_success_at'>,
): Health {
  if (connection.state === 'disconnecting') return 'disconnecting';
  if (connection.state === 'needs_sign_in') return 'needsSignIn';
  if (connection.run?.state === 'waiting') return 'waiting';
  if (connection.run) return 'running';
  if (connection.error) return 'failing';
  return connection.last_success_at === null ? 'new' : 'working';
}
