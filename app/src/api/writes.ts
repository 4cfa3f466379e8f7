/** Writes that wait for the network, even over the end of the app. Each says under its key how it is sent, so that one that
 * was typed yesterday can be sent today. All of them put a value in place of another: the last one that arrives counts. One
 * whose answer got lost is sent again under its key, and then changes nothing that was said since. */
import type { Mutation, MutationOptions, QueryClient } from '@tanstack/react-query';

import { answer, api } from './client';
import { isPassing, isSignedOut } from './errors';
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
  const define = <Write, Body>(
    mutationKey: readonly string[],
    send: (write: Write) => Promise<Body>,
    ...stale: (readonly unknown[])[]
  ) =>
    client.setMutationDefaults(mutationKey, {
      // One that was forgotten while it waited, with the session of the person, is not sent for the next one.
      mutationFn: async (write: Write) => {
        const known = client.getMutationCache().getAll();
        if (known.some(({ state }) => state.variables === write)) await send(write);
      },
      onSuccess: () => Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey }))),
    });
  define(writeKeys.activity, sendActivity, keys.anyActivity, keys.activities);
  define(writeKeys.feedback, sendFeedback, keys.plan);
  define(writeKeys.mark, sendMark, keys.plan);
  define(writeKeys.wellnessDay, sendWellnessDay, keys.wellness);
}

/** Whether the server may not have it yet. */
export function isWaitingWrite({ options, state }: Pick<Mutation, 'options' | 'state'>): boolean {
  return state.status === 'pending' && options.mutationKey?.[0] === WRITE;
}

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;

/** Nobody is there to see how a write of an earlier page fails: it is tried until the server says yes or no. */
export const untilAnswered: Pick<MutationOptions, 'retry' | 'retryDelay'> = {
  retry: (_failures, error) => isPassing(error) && !isSignedOut(error),
  retryDelay: (failures) => Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures),
};
