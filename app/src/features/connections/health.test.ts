import type { Connection } from '@/api/types';

import { healthOf } from './health';

const good = { state: 'active', run: null, error: null, last_success_at: '2026-05-01T10:00:00Z' } as const;
const problem = { code: 'provider_unavailable', message: 'down', remedy: null };
const run = { state: 'running' } as Connection['run'];

test.each([
  [good, 'working'],
  [{ ...good, last_success_at: null }, 'new'],
  [{ ...good, run }, 'running'],
  [{ ...good, run: { ...run, state: 'waiting' } as Connection['run'], error: problem }, 'waiting'],
  [{ ...good, error: problem }, 'failing'],
  [{ ...good, state: 'needs_sign_in', error: problem }, 'needsSignIn'],
  [{ ...good, state: 'disconnecting', run }, 'disconnecting'],
] as const)('%j is %p', (connection, health) => {
  expect(healthOf(connection)).toBe(health);
});
