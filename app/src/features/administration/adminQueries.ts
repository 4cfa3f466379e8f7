/** What administrators ask the server. */
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import { keys, securityQuery } from '@/api/queries';
import type { components } from '@/api/schema';

type Schemas = components['schemas'];
export type Role = Schemas['Role'];
export type Account = Schemas['AdministeredAccount'];
export type AdminAction = Schemas['AdminAction'];
export type Improvement = Schemas['Improvement'];
export type ModelVersion = Schemas['ModelVersion'];
export type ModelVersionDetails = Schemas['ModelVersionDetails'];
export type ModelTransition = Schemas['ModelTransition'];
export type RegisteredModel = Schemas['RegisteredModel'];

const PAGE_SIZE = 30;

/** What the person may decide beyond their own data; null while it is not known. */
export function useRole(): Role | null {
  return useQuery(securityQuery()).data?.role ?? null;
}

export const accountsQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.administration, 'accounts', q],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answer(
        api().GET('/api/v1/admin/accounts', {
          params: {
            query: {
              limit: PAGE_SIZE,
              ...(pageParam === null ? {} : { cursor: pageParam }),
              ...(q.trim() === '' ? {} : { q: q.trim() }),
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

export const signUpInvitationsQuery = () =>
  queryOptions({
    queryKey: [...keys.administration, 'invitations'],
    queryFn: () => answer(api().GET('/api/v1/admin/invitations')),
  });

export const queuesQuery = () =>
  queryOptions({
    queryKey: [...keys.administration, 'jobs'],
    queryFn: () => answer(api().GET('/api/v1/admin/jobs')),
  });

export const actionsQuery = () =>
  infiniteQueryOptions({
    queryKey: [...keys.administration, 'actions'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answer(
        api().GET('/api/v1/admin/actions', {
          params: { query: { limit: PAGE_SIZE, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

export const modelsQuery = () =>
  queryOptions({
    queryKey: [...keys.administration, 'models'],
    queryFn: () => answer(api().GET('/api/v1/admin/models')),
  });

export const modelVersionQuery = (model_id: string, number: number) =>
  queryOptions({
    queryKey: [...keys.administration, 'models', model_id, number],
    queryFn: () =>
      answer(
        api().GET('/api/v1/admin/models/{model_id}/versions/{number}', {
          params: { path: { model_id, number } },
        }),
      ),
  });

export const improvementQuery = () =>
  queryOptions({
    queryKey: [...keys.administration, 'improvement'],
    queryFn: () => answer(api().GET('/api/v1/admin/improvement')),
  });

/** A decision of an administrator; what is on the screen of it is fetched again, their own role too. */
export function useAdministration<Given, Answer>(
  change: (given: Given) => Promise<Answer>,
  onDone?: (answered: Answer) => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async (answered) => {
      onDone?.(answered);
      await client.invalidateQueries({ queryKey: keys.administration });
      await client.invalidateQueries({ queryKey: keys.security });
    },
  });
}
