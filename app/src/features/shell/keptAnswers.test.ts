import { QueryClient } from '@tanstack/react-query';

import { keys } from '@/api/queries';

import { isKept, shouldKeep } from './keptAnswers';

const query = (queryKey: readonly unknown[]) => ({ queryKey, state: { status: 'success' } }) as never;

test('lists and numbers are kept, curves and secrets are not', () => {
  expect(isKept([...keys.activities, { sport: null, q: '' }])).toBe(true);
  expect(isKept([...keys.plan, 'calendar'])).toBe(true);
  expect(isKept(keys.activity('a'))).toBe(true);
  expect(isKept([...keys.activity('a'), 'streams', 0, 500])).toBe(false);
  expect(isKept([...keys.formCheck('a'), 'track'])).toBe(false);
  expect(isKept(keys.apiTokens)).toBe(false);
  expect(isKept(keys.security)).toBe(false);
});

test('nothing is kept of somebody who is not signed in', () => {
  const client = new QueryClient({ defaultOptions: { queries: { gcTime: Infinity } } });
  const keep = shouldKeep(client);
  expect(keep(query(keys.plan))).toBe(false);
  client.setQueryData(keys.me, { id: 'a' });
  expect(keep(query(keys.plan))).toBe(true);
  client.clear();
  expect(keep(query(keys.plan))).toBe(false);
});
