import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'expo-router';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';

import { openPage } from './openPage';

/** Goes to the service's page, which leads back to the app. */
export function useAuthorize(provider: string) {
  return useMutation({
    mutationFn: (since: string | null) =>
      answer(
        api().POST('/api/v1/connections/authorizations/{provider}', {
          params: { path: { provider } },
          body: { since },
        }),
      ),
    onSuccess: ({ authorization_url }) => openPage(authorization_url),
  });
}

/** Connects without leaving the app, then shows the connection. */
export function useConnect(provider: string) {
  const client = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: (given: { key: string; since: string | null } | 'folder') =>
      given === 'folder'
        ? answer(api().POST('/api/v1/connections/folder', { body: {} }))
        : answer(
            api().POST('/api/v1/connections/keys/{provider}', {
              params: { path: { provider } },
              body: given,
            }),
          ),
    onSuccess: (connection) => {
      void client.invalidateQueries({ queryKey: keys.connections });
      router.navigate(`/devices/${connection.id}`);
    },
  });
}

export function useFetchAgain(id: string, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (range: { first_day: string; last_day: string } | null) =>
      range === null
        ? answer(
            api().POST('/api/v1/connections/{connection_id}/looks', {
              params: { path: { connection_id: id } },
            }),
          )
        : answer(
            api().POST('/api/v1/connections/{connection_id}/fetches', {
              params: { path: { connection_id: id } },
              body: range,
            }),
          ),
    onSuccess: (connection) => {
      client.setQueryData(keys.connection(id), connection);
      void client.invalidateQueries({ queryKey: keys.connections });
      onDone();
    },
  });
}

export function useDisconnect(id: string, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (stored: 'keep' | 'delete') =>
      answer(
        api().DELETE('/api/v1/connections/{connection_id}', {
          params: { path: { connection_id: id }, query: { stored } },
        }),
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.connections });
      onDone();
    },
  });
}
