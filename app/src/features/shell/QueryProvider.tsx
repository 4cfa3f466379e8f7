import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';

import { ApiError, isSignedOut } from '@/api/errors';
import { keys } from '@/api/queries';

const STALE_MS = 30_000;
const RETRIES = 2;

export function makeQueryClient(): QueryClient {
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
  return client;
}

export function QueryProvider({ children }: { children: ReactNode }) {
  const [client] = useState(makeQueryClient);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
