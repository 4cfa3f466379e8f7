/** What the screens of challenges ask; under the key of the community, so that its events refresh them. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { components } from '@/api/schema';

type Schemas = components['schemas'];
export type Challenge = Schemas['Challenge'];
export type NewChallenge = Schemas['NewChallenge'];
export type EntryWish = Schemas['EntryWish'];
export type Board = Schemas['Board'];
export type BoardRow = Schemas['BoardRow'];
export type Likeness = Board['like'][number];
export type CountedSet = Schemas['SetEvidence'];
export type Ladder = NonNullable<Schemas['ScoreEvidence']['ladder']>;
export type TeamBoard = Schemas['TeamBoard'];
export type TeamRow = Schemas['TeamRow'];
export type Team = Schemas['ChallengeTeam'];
export type NewTeam = Schemas['NewTeam'];
export type Kind = Challenge['kind'];
export type Ranking = Challenge['ranked_by'];
export type ListedState = 'mine' | 'open' | 'ended';

export const KINDS: readonly Kind[] = ['push_ups', 'distance', 'time', 'ascent', 'streak'];

export const challengesQuery = (state: ListedState) =>
  infiniteQueryOptions({
    queryKey: [...keys.community, 'challenges', state],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answer(
        api().GET('/api/v1/community/challenges', {
          params: { query: { state, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

/** The challenges of a club that are not over. */
export const clubChallengesQuery = (club: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.community, 'club', club, 'challenges'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answer(
        api().GET('/api/v1/community/clubs/{club_id}/challenges', {
          params: { path: { club_id: club }, query: pageParam === null ? {} : { cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

export const challengeQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.community, 'challenge', id],
    queryFn: () =>
      answer(
        api().GET('/api/v1/community/challenges/{challenge_id}', { params: { path: { challenge_id: id } } }),
      ),
  });

export const boardQuery = (id: string, like: readonly Likeness[]) =>
  infiniteQueryOptions({
    queryKey: [...keys.community, 'challenge', id, 'board', like.join()],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answer(
        api().GET('/api/v1/community/challenges/{challenge_id}/board', {
          params: {
            path: { challenge_id: id },
            query: { like: [...like], ...(pageParam === null ? {} : { cursor: pageParam }) },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

export const teamBoardQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.community, 'challenge', id, 'teams'],
    queryFn: () =>
      answer(
        api().GET('/api/v1/community/challenges/{challenge_id}/teams', {
          params: { path: { challenge_id: id } },
        }),
      ),
  });

export const teamQuery = (id: string, team: string) =>
  queryOptions({
    queryKey: [...keys.community, 'challenge', id, 'team', team],
    queryFn: () =>
      answer(
        api().GET('/api/v1/community/challenges/{challenge_id}/teams/{team_id}', {
          params: { path: { challenge_id: id, team_id: team } },
        }),
      ),
  });

/** What one's own score is made of; nobody else sees it. Asked anew each time, as a set may add nothing to the board. */
export const evidenceQuery = (id: string) =>
  queryOptions({
    staleTime: 0,
    queryKey: [...keys.community, 'challenge', id, 'evidence'],
    queryFn: () =>
      answer(
        api().GET('/api/v1/community/challenges/{challenge_id}/entry', {
          params: { path: { challenge_id: id } },
        }),
      ),
  });
