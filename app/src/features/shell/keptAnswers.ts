import AsyncStorage from '@react-native-async-storage/async-storage';
import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister';
import type { Query, QueryClient, QueryKey } from '@tanstack/react-query';
import { type PersistQueryClientOptions, removeOldestQuery } from '@tanstack/react-query-persist-client';

import { keys } from '@/api/queries';
import { isWaitingWrite } from '@/api/writes';
import { consentsKey } from '@/features/formChecks/formQueries';

import { buildName } from './buildName';

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
  consentsKey,
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

export function keepAnswers(client: QueryClient): Omit<PersistQueryClientOptions, 'queryClient'> {
  for (const first of KEPT) client.setQueryDefaults([first], { gcTime: KEPT_MS });
  return {
    persister: createAsyncStoragePersister({
      storage: AsyncStorage,
      key: STORAGE_KEY,
      throttleTime: WRITE_AT_MOST_EVERY_MS,
      retry: removeOldestQuery,
    }),
    maxAge: KEPT_MS,
    buster: buildName(),
    dehydrateOptions: { shouldDehydrateQuery: shouldKeep(client), shouldDehydrateMutation: isWaitingWrite },
  };
}
