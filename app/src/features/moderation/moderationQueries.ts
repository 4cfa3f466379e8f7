/** What moderators ask the server; under the key of the community, so that the same events refresh it. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { components } from '@/api/schema';

type Schemas = components['schemas'];
export type Report = Schemas['ReportedThing'];
export type Appeal = Schemas['Appeal'];
export type Answer = Schemas['AppealAnswer']['answer'];
export type Decision = Schemas['ReportDecision']['decision'];
export type Signal = Schemas['SignalOfEffort'];
export type SignalVerdict = Schemas['SignalDecision']['decision'];

const PAGE_SIZE = 20;

export const reportsQuery = (decided: boolean) =>
  infiniteQueryOptions({
    queryKey: [...keys.community, 'reports', decided],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answer(
        api().GET('/api/v1/community/reports', {
          params: {
            query: { decided, limit: PAGE_SIZE, ...(pageParam === null ? {} : { cursor: pageParam }) },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

export const signalsQuery = (decided: boolean) =>
  queryOptions({
    queryKey: [...keys.community, 'signals', decided],
    queryFn: () => answer(api().GET('/api/v1/community/signals', { params: { query: { decided } } })),
  });

export const appealsQuery = (answered: boolean) =>
  infiniteQueryOptions({
    queryKey: [...keys.community, 'appeals', answered],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answer(
        api().GET('/api/v1/community/appeals', {
          params: {
            query: { answered, limit: PAGE_SIZE, ...(pageParam === null ? {} : { cursor: pageParam }) },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
