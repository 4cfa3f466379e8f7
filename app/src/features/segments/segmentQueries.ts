/** What the screens of segments ask; one key, so that one event refreshes them. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { components } from '@/api/schema';

type Schemas = components['schemas'];
export type Segment = Schemas['Segment'];
export type SegmentSummary = Schemas['SegmentSummary'];
export type SegmentEffort = Schemas['SegmentEffort'];
export type SegmentBoard = Schemas['SegmentBoard'];
export type NewSegment = Schemas['NewSegment'];
export type SegmentChange = Schemas['SegmentChange'];
export type Listed = 'mine' | 'open';

/** As many as a page holds: enough for the chart and the table. */
const EFFORTS = 200;

export const segmentsQuery = (state: Listed) =>
  infiniteQueryOptions({
    queryKey: [...keys.segments, 'list', state],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answer(
        api().GET('/api/v1/segments', {
          params: { query: { state, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

/** Under the key of segments as the others, since it changes with them. */
export const clubSegmentsQuery = (club: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.segments, 'list', 'club', club],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answer(
        api().GET('/api/v1/segments', {
          params: { query: { club_id: club, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

export const segmentQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.segments, 'one', id],
    queryFn: () =>
      answer(api().GET('/api/v1/segments/{segment_id}', { params: { path: { segment_id: id } } })),
  });

export const effortsQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.segments, 'one', id, 'efforts'],
    queryFn: () =>
      answer(
        api().GET('/api/v1/segments/{segment_id}/efforts', {
          params: { path: { segment_id: id }, query: { limit: EFFORTS } },
        }),
      ),
  });

export const segmentBoardQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.segments, 'one', id, 'board'],
    queryFn: () =>
      answer(api().GET('/api/v1/segments/{segment_id}/board', { params: { path: { segment_id: id } } })),
  });

export const effortsInActivityQuery = (activityId: string) =>
  queryOptions({
    queryKey: [...keys.segments, 'activity', activityId],
    queryFn: () =>
      answer(api().GET('/api/v1/segments/efforts', { params: { query: { activity_id: activityId } } })),
  });

/** A change after which every list and page of segments is fetched anew. */
export function useSegmentChange<Said, Answer>(
  send: (said: Said) => Promise<Answer>,
  done?: (answered: Answer) => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: (answered) => {
      void client.invalidateQueries({ queryKey: keys.segments });
      done?.(answered);
    },
  });
}
