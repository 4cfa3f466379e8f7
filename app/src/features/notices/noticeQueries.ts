/** What the bell and its screens ask; under one key, so that one event refreshes them. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { components } from '@/api/schema';

type Schemas = components['schemas'];
export type Notice = Schemas['Notice'];
export type NoticeKind = Notice['kind'];
export type NoticeSettings = Schemas['NoticeSettings'];
export type PushDevice = Schemas['PushDevice'];

const PAGE_SIZE = 30;

export const noticesQuery = () =>
  infiniteQueryOptions({
    queryKey: [...keys.notices, 'list'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answer(
        api().GET('/api/v1/notices', {
          params: { query: { limit: PAGE_SIZE, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

/** How many are not read, for the bell. */
export const unreadQuery = () =>
  queryOptions({
    queryKey: [...keys.notices, 'unread'],
    queryFn: async () =>
      (await answer(api().GET('/api/v1/notices', { params: { query: { limit: 1 } } }))).unread,
  });

export const noticeSettingsQuery = () =>
  queryOptions({
    queryKey: [...keys.notices, 'settings'],
    queryFn: () => answer(api().GET('/api/v1/notices/settings')),
  });

export const pushDevicesQuery = () =>
  queryOptions({
    queryKey: [...keys.notices, 'devices'],
    queryFn: () => answer(api().GET('/api/v1/notices/devices')),
  });

export const readNotices = (ids: string[] | null) =>
  answer(api().POST('/api/v1/notices/read', { body: { ids } }));

export const saveNoticeSettings = (settings: NoticeSettings) =>
  answer(api().PUT('/api/v1/notices/settings', { body: settings }));

export const removePushDevice = (push_device_id: string) =>
  answer(api().DELETE('/api/v1/notices/devices/{push_device_id}', { params: { path: { push_device_id } } }));

export const sendTrial = () => answer(api().POST('/api/v1/notices/trial'));

/** A change around notices; all that is on the screen of them is fetched again. */
export function useNoticeChange<Given, Answer>(
  change: (given: Given) => Promise<Answer>,
  onDone?: (answered: Answer) => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: onDone,
    onSettled: () => client.invalidateQueries({ queryKey: keys.notices }),
  });
}
