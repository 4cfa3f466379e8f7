/** What the app asks the server, under one key each: the event stream changes the same keys. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';

import { answer, api } from './client';
import { isNotFound } from './errors';
import type { components } from './schema';
import type { Job, Sport, ZoneSport } from './types';

type Schemas = components['schemas'];

export const PAGE_SIZE = 30;

export type ActivityFilter = { sport: Sport | null; q: string };

export const keys = {
  me: ['me'] as const,
  signUpState: ['sign-up-state'] as const,
  assistant: ['assistant'] as const,
  coaching: ['coaching'] as const,
  security: ['security'] as const,
  apiTokens: ['api-tokens'] as const,
  apps: ['apps'] as const,
  erasure: ['erasure'] as const,
  jobs: ['jobs'] as const,
  activities: ['activities'] as const,
  anyActivity: ['activity'] as const,
  activity: (id: string) => ['activity', id] as const,
  activitySources: (id: string) => ['activity', id, 'sources'] as const,
  sourcePreferences: ['source-preferences'] as const,
  connections: ['connections'] as const,
  connection: (id: string) => ['connections', id] as const,
  formChecks: ['form-checks'] as const,
  formCheck: (id: string) => ['form-check', id] as const,
  fitness: ['fitness'] as const,
  readiness: ['readiness'] as const,
  predictions: ['predictions'] as const,
  plan: ['plan'] as const,
  wellness: ['wellness'] as const,
  thresholds: ['thresholds'] as const,
  community: ['community'] as const,
  rooms: ['community', 'rooms'] as const,
  notices: ['notices'] as const,
  consents: ['consents'] as const,
  privacyZones: ['privacy-zones'] as const,
  mapTiles: ['map-tiles'] as const,
  segments: ['segments'] as const,
  administration: ['administration'] as const,
};

export const meQuery = () =>
  queryOptions({ queryKey: keys.me, queryFn: () => answer(api().GET('/api/v1/athletes/me')) });

export const signUpStateQuery = () =>
  queryOptions({ queryKey: keys.signUpState, queryFn: () => answer(api().GET('/api/v1/accounts/state')) });

export const assistantQuery = () =>
  queryOptions({ queryKey: keys.assistant, queryFn: () => answer(api().GET('/api/v1/assistant')) });

export const assistantAnswerQuery = (name: string) =>
  queryOptions({
    queryKey: [...keys.assistant, name],
    queryFn: () => answer(api().GET('/api/v1/assistant/answers/{name}', { params: { path: { name } } })),
    gcTime: 0,
  });

export const securityQuery = () =>
  queryOptions({ queryKey: keys.security, queryFn: () => answer(api().GET('/api/v1/accounts/me/security')) });

export const apiTokensQuery = () =>
  queryOptions({ queryKey: keys.apiTokens, queryFn: () => answer(api().GET('/api/v1/accounts/me/tokens')) });

/** Apps of others that were let in, and apps that this person registered. */
export const appsQuery = () =>
  queryOptions({ queryKey: keys.apps, queryFn: () => answer(api().GET('/api/v1/accounts/me/apps')) });

/** What an app asks for; the server refuses what no honest app would send. */
export const appQuestionQuery = (request: Schemas['AppRequest']) =>
  queryOptions({
    queryKey: [...keys.apps, 'question', request],
    queryFn: () => answer(api().POST('/api/v1/accounts/me/app-requests', { body: request })),
  });

const SOME_JOBS = 20;
const MANY_JOBS = 200;
const HOUR_MS = 3_600_000;

const jobsAfter = (cursor: string | null, limit: number) =>
  answer(api().GET('/api/v1/jobs', { params: { query: { limit, ...(cursor === null ? {} : { cursor }) } } }));
const isOfTheHour = (job: Job | undefined) =>
  job !== undefined && Date.now() - Date.parse(job.created_at) < HOUR_MS;

export const jobsQuery = () =>
  queryOptions({
    queryKey: keys.jobs,
    queryFn: async () => {
      let page = await jobsAfter(null, SOME_JOBS);
      const items = [...page.items];
      // Whoever chooses many files at once sees all of them.
      while (page.next_cursor !== null && isOfTheHour(items.at(-1))) {
        page = await jobsAfter(page.next_cursor, MANY_JOBS);
        items.push(...page.items);
      }
      return { ...page, items };
    },
  });

export const activitiesQuery = (filter: ActivityFilter) =>
  infiniteQueryOptions({
    queryKey: [...keys.activities, filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answer(
        api().GET('/api/v1/activities', {
          params: {
            query: {
              limit: PAGE_SIZE,
              ...(pageParam === null ? {} : { cursor: pageParam }),
              ...(filter.sport === null ? {} : { sport: filter.sport }),
              ...(filter.q.trim() === '' ? {} : { q: filter.q.trim() }),
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

export const latestActivityQuery = () =>
  queryOptions({
    queryKey: [...keys.activities, 'latest'],
    queryFn: () => answer(api().GET('/api/v1/activities', { params: { query: { limit: 1 } } })),
  });

/** The activities from a day on, as many as a page holds: enough for some weeks of anybody. */
export const activitiesSinceQuery = (day: string) =>
  queryOptions({
    queryKey: [...keys.activities, 'since', day],
    queryFn: () => answer(api().GET('/api/v1/activities', { params: { query: { from: day, limit: 200 } } })),
  });

export const activityQuery = (id: string) =>
  queryOptions({
    queryKey: keys.activity(id),
    queryFn: () =>
      answer(api().GET('/api/v1/activities/{activity_id}', { params: { path: { activity_id: id } } })),
  });

export const activitySourcesQuery = (id: string) =>
  queryOptions({
    queryKey: keys.activitySources(id),
    queryFn: () =>
      answer(
        api().GET('/api/v1/activities/{activity_id}/sources', { params: { path: { activity_id: id } } }),
      ),
  });

/** Whether the account waits to be deleted. */
export const erasureQuery = () =>
  queryOptions({ queryKey: keys.erasure, queryFn: () => answer(api().GET('/api/v1/account/erasure')) });

export const streamsQuery = (id: string, leg: number, points: number) =>
  queryOptions({
    queryKey: [...keys.activity(id), 'streams', leg, points],
    staleTime: Infinity,
    queryFn: () =>
      answer(
        api().GET('/api/v1/activities/{activity_id}/streams', {
          params: { path: { activity_id: id }, query: { leg, points } },
        }),
      ),
  });

export const connectionsQuery = () =>
  queryOptions({ queryKey: keys.connections, queryFn: () => answer(api().GET('/api/v1/connections')) });

export const connectionQuery = (id: string) =>
  queryOptions({
    queryKey: keys.connection(id),
    queryFn: () =>
      answer(api().GET('/api/v1/connections/{connection_id}', { params: { path: { connection_id: id } } })),
  });

export const connectionCalendarQuery = (id: string, from: string, to: string) =>
  queryOptions({
    queryKey: [...keys.connection(id), 'calendar', from, to],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answer(
        api().GET('/api/v1/connections/{connection_id}/calendar', {
          params: { path: { connection_id: id }, query: { from, to } },
        }),
      ),
  });

export const formChecksQuery = () =>
  infiniteQueryOptions({
    queryKey: keys.formChecks,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answer(
        api().GET('/api/v1/form-checks', {
          params: { query: { limit: PAGE_SIZE, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

export const formCheckQuery = (id: string) =>
  queryOptions({
    queryKey: keys.formCheck(id),
    queryFn: () =>
      answer(api().GET('/api/v1/form-checks/{form_check_id}', { params: { path: { form_check_id: id } } })),
  });

/** Fitness from a day on; the server ends it today. */
export const fitnessQuery = (from: string) =>
  queryOptions({
    queryKey: [...keys.fitness, from],
    placeholderData: keepPreviousData,
    queryFn: () => answer(api().GET('/api/v1/fitness', { params: { query: { from } } })),
  });

/** How ratings become loads, and what that rests on; kept with fitness because the same events change it. */
export const ratingScaleQuery = () =>
  queryOptions({
    queryKey: [...keys.fitness, 'rating-scale'],
    queryFn: () => answer(api().GET('/api/v1/fitness/rating-scale')),
  });

/** Daily values of body and sleep, from the sources that count. */
export const wellnessQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: [...keys.wellness, from, to],
    placeholderData: keepPreviousData,
    queryFn: () => answer(api().GET('/api/v1/wellness', { params: { query: { from, to } } })),
  });

/** One day with every source. */
export const wellnessDayQuery = (day: string) =>
  queryOptions({
    queryKey: [...keys.wellness, 'day', day],
    queryFn: () =>
      answer(api().GET('/api/v1/wellness', { params: { query: { from: day, to: day, all_sources: true } } })),
  });

/** Which device gives which quantity, over all activities. */
export const sourcePreferencesQuery = () =>
  queryOptions({
    queryKey: keys.sourcePreferences,
    queryFn: () => answer(api().GET('/api/v1/activities/source-preferences')),
  });

export const wellnessPrioritiesQuery = () =>
  queryOptions({
    queryKey: [...keys.wellness, 'priorities'],
    queryFn: () => answer(api().GET('/api/v1/wellness/priorities')),
  });

export const thresholdsQuery = () =>
  queryOptions({
    queryKey: [...keys.thresholds, 'state'],
    queryFn: () => answer(api().GET('/api/v1/athletes/me/thresholds')),
  });

/** Zones of a sport on a day, or today. */
export const zonesQuery = (sport: ZoneSport, on: string | null) =>
  queryOptions({
    queryKey: [...keys.thresholds, 'zones', sport, on],
    queryFn: () =>
      answer(
        api().GET('/api/v1/athletes/me/zones', {
          params: { query: { sport, ...(on === null ? {} : { on }) } },
        }),
      ),
  });

/** Best efforts with the day of each and the model that they hold; kept with fitness, the same events change it. */
export const curveQuery = (sport: 'cycling' | 'running', from: string | null) =>
  queryOptions({
    queryKey: [...keys.fitness, 'curve', sport, from],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answer(
        api().GET('/api/v1/fitness/curve', {
          params: {
            query: {
              sport,
              metric: sport === 'cycling' ? 'power' : 'pace',
              ...(from === null ? {} : { from }),
            },
          },
        }),
      ),
  });

/** Fitness, fatigue and form to come if the plan is done; kept with fitness because the same events change it. */
export const forecastQuery = () =>
  queryOptions({
    queryKey: [...keys.fitness, 'forecast'],
    queryFn: () => answer(api().GET('/api/v1/predictions/fitness')),
  });

/** A race time; null when nothing is known to predict it from. */
export const predictionQuery = (distance_m: number, date: string | null) =>
  queryOptions({
    queryKey: [...keys.predictions, distance_m, date],
    placeholderData: keepPreviousData,
    queryFn: async () => {
      try {
        return await answer(
          api().GET('/api/v1/predictions', {
            params: { query: { distance_m, ...(date === null ? {} : { date }) } },
          }),
        );
      } catch (error) {
        if (isNotFound(error)) return null;
        throw error;
      }
    },
  });

/** How predictions of one's own races held. */
export const predictionRecordQuery = () =>
  queryOptions({
    queryKey: [...keys.predictions, 'record'],
    queryFn: () => answer(api().GET('/api/v1/predictions/record')),
  });

/** Whether the response to training can be told from one's own tests. */
export const responseModelsQuery = () =>
  queryOptions({
    queryKey: [...keys.predictions, 'response'],
    queryFn: () => answer(api().GET('/api/v1/predictions/response')),
  });

/** Pain and signs of low energy that were told in the last four weeks. */
export const healthReportsQuery = () =>
  queryOptions({
    queryKey: [...keys.readiness, 'reports'],
    queryFn: () => answer(api().GET('/api/v1/readiness/reports')),
  });

export const readinessQuery = () =>
  queryOptions({ queryKey: keys.readiness, queryFn: () => answer(api().GET('/api/v1/readiness')) });

export const loadWarningsQuery = () =>
  queryOptions({
    queryKey: [...keys.readiness, 'warnings'],
    queryFn: () => answer(api().GET('/api/v1/readiness/warnings')),
  });

/** The current plan; null when there is none yet. */
export const planQuery = () =>
  queryOptions({
    queryKey: keys.plan,
    queryFn: () => answer(api().GET('/api/v1/plans/current')),
  });
