import AsyncStorage from '@react-native-async-storage/async-storage';
import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister';
import type { Query, QueryClient, QueryKey } from '@tanstack/react-query';
import {
  type PersistedClient,
  type Persister,
  type PersistQueryClientOptions,
  removeOldestQuery,
} from '@tanstack/react-query-persist-client';

import { keys } from '@/api/queries';
import { isWaitingWrite, untilAnswered } from '@/api/writes';

import { buildName } from './buildName';
import { onLeave } from './onLeave';

/** Answers stay on the device, so that the app opens with what was seen last when there is no network. */
const KEPT = [
  keys.me,
  keys.activities,
  keys.anyActivity,
  keys.fitness,
  keys.readiness,
  keys.predictions,
  keys.plan,
  keys.wellness,
  keys.thresholds,
  keys.formChecks,
  ['form-check'],
  keys.connections,
  // Whether files may be chosen.
  keys.consents,
].map(([first]) => first as string);

/** Curves and skeletons are megabytes; a browser keeps five in all. */
const TOO_LARGE: readonly unknown[] = ['streams', 'track', 'comparison'];

export const KEPT_MS = 7 * 24 * 3600 * 1000;
const STORAGE_KEY = 'topform.answers';
const WRITE_AT_MOST_EVERY_MS = 2000;

export function isKept(key: QueryKey): boolean {
  return KEPT.includes(String(key[0])) && !key.some((part) => TOO_LARGE.includes(part));
}

/** Nothing is kept of somebody who is not signed in: the next write then empties what was. */
export function shouldKeep(client: QueryClient) {
  return (query: Pick<Query, 'queryKey' | 'state'>): boolean =>
    isKept(query.queryKey) &&
    query.state.status === 'success' &&
    client.getQueryState(keys.me)?.status === 'success';
}

/** What an earlier page left: the answers of another build or of long ago are worth nothing, what somebody wrote is. Whatever
 * that page was sending when it ended is sent anew. */
function left(kept: PersistedClient, build: string): PersistedClient {
  const { queries, mutations } = kept.clientState;
  if (mutations.length === 0) return kept;
  const isCurrent = kept.buster === build && Date.now() - kept.timestamp <= KEPT_MS;
  return {
    buster: build,
    timestamp: isCurrent ? kept.timestamp : Date.now(),
    clientState: {
      queries: isCurrent ? queries : [],
      mutations: mutations.map((one) => ({ ...one, state: { ...one.state, isPaused: true } })),
    },
  };
}

/** Writes now and then, and at once when the page is left and for as long as a change waits for the network. */
export function keepingPersister(build: string): Persister {
  const seldom = createAsyncStoragePersister({
    storage: AsyncStorage,
    key: STORAGE_KEY,
    throttleTime: WRITE_AT_MOST_EVERY_MS,
    retry: removeOldestQuery,
  });
  let unwritten: PersistedClient | null = null;
  let waiting = 0;
  const writeNow = () => {
    if (unwritten === null) return;
    // What does not fit is written with less by the other way.
    AsyncStorage.setItem(STORAGE_KEY, JSON.stringify(unwritten)).catch(() => undefined);
    unwritten = null;
  };
  onLeave(writeNow);
  return {
    ...seldom,
    persistClient: (kept) => {
      unwritten = kept;
      const waits = kept.clientState.mutations.length;
      if (waits > 0 || waiting > 0) writeNow();
      waiting = waits;
      return seldom.persistClient(kept);
    },
    restoreClient: async () => {
      const kept = await seldom.restoreClient();
      return kept && left(kept, build);
    },
    removeClient: () => {
      unwritten = null;
      return seldom.removeClient();
    },
  };
}

export function keepAnswers(client: QueryClient): Omit<PersistQueryClientOptions, 'queryClient'> {
  for (const first of KEPT) client.setQueryDefaults([first], { gcTime: KEPT_MS });
  const build = buildName();
  return {
    persister: keepingPersister(build),
    maxAge: KEPT_MS,
    buster: build,
    hydrateOptions: { defaultOptions: { mutations: untilAnswered } },
    dehydrateOptions: { shouldDehydrateQuery: shouldKeep(client), shouldDehydrateMutation: isWaitingWrite },
  };
}
