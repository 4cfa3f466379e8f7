import AsyncStorage from '@react-native-async-storage/async-storage';
import { dehydrate, hydrate, onlineManager, QueryClient } from '@tanstack/react-query';

import { UnreachableError } from '@/api/errors';
import { keys } from '@/api/queries';
import { defineWrites, isWaitingWrite, writeKeys } from '@/api/writes';

import { buildName } from './buildName.web';
import { isKept, keepAnswers, keepingPersister, KEPT_MS, shouldKeep } from './keptAnswers';

const mockPut = jest.fn();
jest.mock('@/api/client', () => ({
  ...jest.requireActual('@/api/client'),
  api: () => ({ PUT: (...said: unknown[]) => mockPut(...said) }),
}));

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
  const persister = keepingPersister('');
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
  expect((await written()).timestamp).toBe(4);
  void persister.persistClient(kept(5));
  expect((await written()).timestamp).toBe(5);
  await persister.removeClient();
  window.dispatchEvent(new Event('pagehide'));
  expect(await written()).toBeNull();
});

test('what somebody wrote outlasts a new build and a long time, answers do not', async () => {
  const persister = keepingPersister('new');
  const restored = async (buster: string, timestamp: number, mutations: unknown[]) => {
    const clientState = { queries: [{ queryKey: keys.plan }], mutations };
    await AsyncStorage.setItem('topform.answers', JSON.stringify({ buster, timestamp, clientState }));
    return persister.restoreClient();
  };
  const write = { mutationKey: writeKeys.mark, state: { status: 'pending', isPaused: false } };
  const waits = [{ ...write, state: { status: 'pending', isPaused: true } }];
  const longAgo = Date.now() - KEPT_MS - 1;
  for (const found of [await restored('old', Date.now(), [write]), await restored('new', longAgo, [write])]) {
    expect(found).toMatchObject({ buster: 'new', clientState: { queries: [], mutations: waits } });
    expect(found?.timestamp).toBeGreaterThan(longAgo);
  }
  const current = await restored('new', Date.now(), [write]);
  expect(current?.clientState).toMatchObject({ queries: [{ queryKey: keys.plan }], mutations: waits });
  expect((await restored('old', Date.now(), []))?.buster).toBe('old');
});

test('a build has one name, whatever is being fetched beside the page', () => {
  const add = (src: string, isOfPage: boolean) => {
    const script = document.createElement('script');
    script.defer = isOfPage;
    script.src = src;
    return document.head.appendChild(script);
  };
  const added = [add('/entry-1.js', true)];
  expect(buildName()).toBe('/entry-1.js');
  added.push(add('/de-2.js', false));
  expect(buildName()).toBe('/entry-1.js');
  added.push(add('/common-3.js', true));
  expect(buildName()).toBe('/entry-1.js /common-3.js');
  for (const script of added) script.remove();
});

describe('a write of an earlier page', () => {
  const variables = { key: 'k', planId: 'p', sessionId: 's', said: { mark: 'done' } };

  async function leftBehind() {
    onlineManager.setOnline(false);
    const before = new QueryClient();
    void before.getMutationCache().build(before, { mutationKey: writeKeys.mark }).execute(variables);
    await Promise.resolve();
    onlineManager.setOnline(true);
    const kept = dehydrate(before, { shouldDehydrateMutation: isWaitingWrite });
    return JSON.parse(JSON.stringify(kept)) as typeof kept;
  }

  /** A page that found the write, and the keys of what its server is sent. */
  async function nextPage(answers: ('lost' | 'busy' | 'stored')[]) {
    const asked: unknown[] = [];
    mockPut.mockImplementation(async (_path, { params }) => {
      asked.push(params.header['Idempotency-Key']);
      const reply = answers.shift() ?? 'lost';
      if (reply === 'lost') throw new UnreachableError();
      return { data: {}, response: { ok: reply === 'stored', status: reply === 'stored' ? 200 : 503 } };
    });
    const client = new QueryClient();
    defineWrites(client);
    hydrate(client, await leftBehind(), keepAnswers(client).hydrateOptions);
    const waits = () => client.getMutationCache().getAll().filter(isWaitingWrite).length;
    return { client, asked, waits };
  }

  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('is tried until the server takes it', async () => {
    const { client, asked, waits } = await nextPage(['lost', 'busy', 'stored']);
    const done = client.resumePausedMutations();
    await jest.advanceTimersByTimeAsync(500);
    expect([asked, waits()]).toEqual([['k'], 1]);
    await jest.advanceTimersByTimeAsync(5_000);
    await done;
    expect([asked, waits()]).toEqual([['k', 'k', 'k'], 0]);
    client.clear();
  });

  test('is not sent any more once the session it waited in is over', async () => {
    const { client, asked } = await nextPage([]);
    void client.resumePausedMutations();
    await jest.advanceTimersByTimeAsync(500);
    expect(asked).toEqual(['k']);
    client.clear();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(asked).toEqual(['k']);
  });
});
