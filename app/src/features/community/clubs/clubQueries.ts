/** What the screens of clubs ask; under the key of the community, so that its events refresh them. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { components } from '@/api/schema';

type Schemas = components['schemas'];
export type Club = Schemas['Club'];
export type NewClub = Schemas['NewClub'];
export type ClubPerson = Schemas['ClubPerson'];
export type Standing = ClubPerson['standing'];
export type GivenStanding = Schemas['StandingWish']['standing'];
export type WhichClubs = 'mine' | 'listed';

export const clubsQuery = (which: WhichClubs, q = '') =>
  infiniteQueryOptions({
    queryKey: [...keys.community, 'clubs', which, q],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answer(
        api().GET('/api/v1/community/clubs', {
          params: { query: { which, q, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

export const clubQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.community, 'club', id],
    queryFn: () =>
      answer(api().GET('/api/v1/community/clubs/{club_id}', { params: { path: { club_id: id } } })),
  });

export const clubPeopleQuery = (id: string, standing: Standing | null) =>
  queryOptions({
    queryKey: [...keys.community, 'club', id, 'people', standing],
    queryFn: () =>
      answer(
        api().GET('/api/v1/community/clubs/{club_id}/people', {
          params: { path: { club_id: id }, query: standing === null ? {} : { standing } },
        }),
      ),
  });

export const clubPostsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.community, 'club', id, 'posts'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answer(
        api().GET('/api/v1/community/clubs/{club_id}/posts', {
          params: { path: { club_id: id }, query: pageParam === null ? {} : { cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

/** Whether somebody who stands so to a club is in it. */
export function isMember(standing: Club['standing'] | Standing): boolean {
  return standing === 'owner' || standing === 'organiser' || standing === 'member';
}

/** Whether somebody who stands so to a club runs it. */
export function isRunning(standing: Club['standing'] | Standing): boolean {
  return standing === 'owner' || standing === 'organiser';
}
