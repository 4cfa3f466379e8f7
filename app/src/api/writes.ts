/** Writes that wait for the network, even over the end of the app. Each says under its key how it is sent, so that one that
 * was typed yesterday can be sent today. All of them put a value in place of another: the last one that arrives counts. One
 * whose answer got lost is sent again under its key, and then changes nothing that was said since. */
import type { Mutation, QueryClient } from '@tanstack/react-query';

import { answer, api } from './client';
import { keys } from './queries';
import type { ActivityChange, SessionMark, WellnessMetric } from './types';

const WRITE = 'write';

export const writeKeys = {
  activity: [WRITE, 'activity'] as const,
  feedback: [WRITE, 'feedback'] as const,
  mark: [WRITE, 'mark'] as const,
  wellnessDay: [WRITE, 'wellness-day'] as const,
};

type Once = { key: string };
const once = ({ key }: Once) => ({ 'Idempotency-Key': key });

export type ActivityWrite = Once & { activityId: string; change: ActivityChange };
export type FeedbackWrite = Once & {
  planId: string;
  sessionId: string;
  said: { rpe_cr10?: number | null; soreness?: number | null; note?: string | null };
};
/** What became of a session that nothing was recorded of; null takes the word back. */
export type MarkWrite = Once & { planId: string; sessionId: string; said: SessionMark };
export type WellnessDayWrite = Once & {
  day: string;
  values: Partial<Record<WellnessMetric, number | null>>;
  /** Typed when absent. */
  source?: 'strap';
};

export const sendActivity = ({ activityId, change, ...rest }: ActivityWrite) =>
  answer(
    api().PATCH('/api/v1/activities/{activity_id}', {
      params: { path: { activity_id: activityId }, header: once(rest) },
      body: change,
    }),
  );

export const sendFeedback = ({ planId, sessionId, said, ...rest }: FeedbackWrite) =>
  answer(
    api().PUT('/api/v1/plans/{plan_id}/sessions/{session_id}/feedback', {
      params: { path: { plan_id: planId, session_id: sessionId }, header: once(rest) },
      body: said,
    }),
  );

export const sendMark = ({ planId, sessionId, said, ...rest }: MarkWrite) =>
  answer(
    api().PUT('/api/v1/plans/{plan_id}/sessions/{session_id}/mark', {
      params: { path: { plan_id: planId, session_id: sessionId }, header: once(rest) },
      body: said,
    }),
  );

export const sendWellnessDay = ({ day, values, source, ...rest }: WellnessDayWrite) =>
  answer(
    api().PUT('/api/v1/wellness/{day}', {
      params: { path: { day }, query: { source }, header: once(rest) },
      body: values as Record<string, number | null>,
    }),
  );

/** What becomes of writes whose screen is no longer there. */
export function defineWrites(client: QueryClient): void {
  const seen = (queryKey: readonly unknown[]) => () => client.invalidateQueries({ queryKey });
  client.setMutationDefaults(writeKeys.activity, {
    mutationFn: sendActivity,
    onSuccess: seen(keys.anyActivity),
  });
  client.setMutationDefaults(writeKeys.feedback, { mutationFn: sendFeedback, onSuccess: seen(keys.plan) });
  client.setMutationDefaults(writeKeys.mark, { mutationFn: sendMark, onSuccess: seen(keys.plan) });
  client.setMutationDefaults(writeKeys.wellnessDay, {
    mutationFn: sendWellnessDay,
    onSuccess: seen(keys.wellness),
  });
}

export function isWaitingWrite({ options, state }: Pick<Mutation, 'options' | 'state'>): boolean {
  return state.isPaused && options.mutationKey?.[0] === WRITE;
}
