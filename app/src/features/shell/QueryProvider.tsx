import { MutationCache, onlineManager, QueryCache, QueryClient } from '@tanstack/react-query';
import { PersistQueryClientProvider } from '@tanstack/react-query-persist-client';
import { type ReactNode, useState } from 'react';

import { ApiError, isSignedOut } from '@/api/errors';
import { keys } from '@/api/queries';
import { defineWrites } from '@/api/writes';

import { keepAnswers } from './keptAnswers';

const STALE_MS = 30_000;
const RETRIES = 2;

export function makeQueryClient(): QueryClient {
  // The manager hears of changes only; the page may have been opened without a network.
  if (globalThis.navigator?.onLine === false) onlineManager.setOnline(false);
  const onError = (error: unknown) => {
    // A session that ended elsewhere: asking who we are again leads to the sign-in screen.
    if (isSignedOut(error) && client.getQueryData(keys.me)) client.setQueryData(keys.me, undefined);
    if (isSignedOut(error)) void client.invalidateQueries({ queryKey: keys.me });
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (query.queryKey[0] !== keys.me[0]) onError(error);
      },
    }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) => {
        if (mutation.options.mutationKey?.[0] !== 'sign-in') onError(error);
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        retry: (failures, error) => !(error instanceof ApiError && error.status < 500) && failures < RETRIES,
      },
    },
  });
  defineWrites(client);
  return client;
}

export function QueryProvider({ children }: { children: ReactNode }) {
  const [client] = useState(makeQueryClient);
  const [options] = useState(() => keepAnswers(client));
  return (
    <PersistQueryClientProvider
      client={client}
      persistOptions={options}
      onSuccess={() => {
        // Nothing is shown before this ends: it does not wait for a server that may be out of reach.
        void client.resumePausedMutations();
        return client.invalidateQueries();
      }}
    >
      {children}
    </PersistQueryClientProvider>
  );
}
