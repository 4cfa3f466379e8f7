/** What coaches and the athletes who let them in ask the server. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { components } from '@/api/schema';

type Schemas = components['schemas'];

export type Share = Schemas['Share'];
export type ScopeText = Schemas['ScopeText'];
export type CoachAccess = Schemas['CoachAccess'];
export type PeopleWithAccess = Schemas['PeopleWithAccess'];
export type CoachedAthlete = Schemas['CoachedAthlete'];
export type CoachGroup = Schemas['CoachGroup'];

const DAYS_OF_FITNESS = 90;
const PAGE_SIZE = 9;

export const peopleQuery = () =>
  queryOptions({
    queryKey: [...keys.coaching, 'people'],
    queryFn: () => answer(api().GET('/api/v1/coaching/coaches')),
  });

export const readsQuery = () =>
  queryOptions({
    queryKey: [...keys.coaching, 'reads'],
    queryFn: () => answer(api().GET('/api/v1/coaching/reads', { params: { query: { limit: 20 } } })),
  });

export const coachedAthletesQuery = (group_id: string | null = null) =>
  queryOptions({
    queryKey: [...keys.coaching, 'athletes', group_id],
    queryFn: () =>
      answer(
        api().GET('/api/v1/coaching/athletes', {
          params: { query: { limit: 50, ...(group_id === null ? {} : { group_id }) } },
        }),
      ),
  });

export const coachGroupsQuery = () =>
  queryOptions({
    queryKey: [...keys.coaching, 'groups'],
    queryFn: () => answer(api().GET('/api/v1/coaching/groups')),
  });

/** A change of one's groups; all that is on the screen of coaching is fetched again. */
export function useCoachingChange<Given, Answer>(
  change: (given: Given) => Promise<Answer>,
  onDone?: (answered: Answer) => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async (answered) => {
      await client.invalidateQueries({ queryKey: keys.coaching });
      onDone?.(answered);
    },
  });
}

export const coachedAthleteQuery = (athlete_id: string) =>
  queryOptions({
    queryKey: [...keys.coaching, 'athlete', athlete_id],
    queryFn: () =>
      answer(api().GET('/api/v1/coaching/athletes/{athlete_id}', { params: { path: { athlete_id } } })),
  });

export const coachedFitnessQuery = (athlete_id: string, from: string) =>
  queryOptions({
    queryKey: [...keys.coaching, 'athlete', athlete_id, 'fitness', from],
    queryFn: () =>
      answer(
        api().GET('/api/v1/coaching/athletes/{athlete_id}/fitness', {
          params: { path: { athlete_id }, query: { from } },
        }),
      ),
  });

export const coachedActivitiesQuery = (athlete_id: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.coaching, 'athlete', athlete_id, 'activities'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answer(
        api().GET('/api/v1/coaching/athletes/{athlete_id}/activities', {
          params: {
            path: { athlete_id },
            query: { limit: PAGE_SIZE, ...(pageParam === null ? {} : { cursor: pageParam }) },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

export const coachedActivityQuery = (athlete_id: string, activity_id: string) =>
  queryOptions({
    queryKey: [...keys.coaching, 'athlete', athlete_id, 'activity', activity_id],
    queryFn: () =>
      answer(
        api().GET('/api/v1/coaching/athletes/{athlete_id}/activities/{activity_id}', {
          params: { path: { athlete_id, activity_id } },
        }),
      ),
  });

export const coachedStreamsQuery = (athlete_id: string, activity_id: string, leg: number, points: number) =>
  queryOptions({
    queryKey: [...keys.coaching, 'athlete', athlete_id, 'activity', activity_id, 'streams', leg, points],
    staleTime: Infinity,
    queryFn: () =>
      answer(
        api().GET('/api/v1/coaching/athletes/{athlete_id}/activities/{activity_id}/streams', {
          params: { path: { athlete_id, activity_id }, query: { leg, points } },
        }),
      ),
  });

export const coachedPlanQuery = (athlete_id: string) =>
  queryOptions({
    queryKey: [...keys.coaching, 'athlete', athlete_id, 'plan'],
    queryFn: () =>
      answer(
        api().GET('/api/v1/coaching/athletes/{athlete_id}/plans/current', {
          params: { path: { athlete_id } },
        }),
      ),
  });

export { DAYS_OF_FITNESS };
