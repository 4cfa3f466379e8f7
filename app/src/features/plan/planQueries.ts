/** What the plan screens ask beside the plan itself; under the plan's key, so that the same events refresh them. */
import { queryOptions } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { components } from '@/api/schema';

type Schemas = components['schemas'];
export type Proposal = Schemas['ProposalCard'];
export type PlanChange = Schemas['PlanChange'];
export type DiffEntry = Schemas['DiffEntry'];
export type WhatIf = Schemas['WhatIf'];
export type Told = Schemas['Told'];
export type RaceTime = Schemas['RaceTime'];
export type Milestone = Schemas['PlanMilestone'];
export type SessionAdherence = Schemas['SessionAdherence'];

export const proposalsQuery = () =>
  queryOptions({
    queryKey: [...keys.plan, 'proposals'],
    queryFn: () => answer(api().GET('/api/v1/plans/proposals', { params: { query: { status: 'open' } } })),
  });

export const historyQuery = () =>
  queryOptions({
    queryKey: [...keys.plan, 'history'],
    queryFn: () => answer(api().GET('/api/v1/plans/history')),
  });

export const lifeQuery = () =>
  queryOptions({ queryKey: [...keys.plan, 'life'], queryFn: () => answer(api().GET('/api/v1/plans/life')) });

export const calendarQuery = () =>
  queryOptions({
    queryKey: [...keys.plan, 'calendar'],
    queryFn: () => answer(api().GET('/api/v1/calendar/addresses')),
  });

/** The time to expect in the plan's race; null without one. */
export const raceTimeQuery = (planId: string) =>
  queryOptions({
    queryKey: [...keys.plan, 'race-time', planId],
    queryFn: () =>
      answer(api().GET('/api/v1/plans/{plan_id}/race-time', { params: { path: { plan_id: planId } } })),
  });

/** What of the plan is done, the newest first. */
export const milestonesQuery = (planId: string) =>
  queryOptions({
    queryKey: [...keys.plan, 'milestones', planId],
    queryFn: () =>
      answer(api().GET('/api/v1/plans/{plan_id}/milestones', { params: { path: { plan_id: planId } } })),
  });

export const adherenceQuery = (planId: string, from: string, to: string) =>
  queryOptions({
    queryKey: [...keys.plan, 'adherence', planId, from, to],
    queryFn: () =>
      answer(
        api().GET('/api/v1/plans/{plan_id}/adherence', {
          params: { path: { plan_id: planId }, query: { from, to } },
        }),
      ),
  });
