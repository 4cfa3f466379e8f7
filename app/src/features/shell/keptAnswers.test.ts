import AsyncStorage from '@react-native-async-storage/async-storage';
import { QueryClient } from '@tanstack/react-query';

import { keys } from '@/api/queries';

import { isKept, keepingPersister, shouldKeep } from './keptAnswers';

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

test('a page that is left and a change that waits are written at once', async () => {
  await AsyncStorage.clear();
  const persister = keepingPersister();
  const kept = (timestamp: number, mutations: unknown[] = []) =>
    ({ timestamp, buster: '', clientState: { queries: [], mutations } }) as never;
  const written = async () => JSON.parse((await AsyncStorage.getItem('topform.answers')) ?? 'null');
  await persister.persistClient(kept(1));
  void persister.persistClient(kept(2));
  expect((await written()).timestamp).toBe(1);
  window.dispatchEvent(new Event('pagehide'));
  expect((await written()).timestamp).toBe(2);
  void persister.persistClient(kept(3, [{}]));
  expect((await written()).timestamp).toBe(3);
  void persister.persistClient(kept(4, [{}]));
  await persister.removeClient();
  window.dispatchEvent(new Event('pagehide'));
  expect(await written()).toBeNull();
});
