import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';

import { keys } from '@/api/queries';
import type { SessionMark } from '@/api/types';
import { sendMark, writeKeys } from '@/api/writes';
import { useFormat } from '@/i18n/useFormat';
import { newKey } from '@/lib/newKey';

import type { SessionAdherence } from './planQueries';

type Report = { sessions: SessionAdherence[] };

const queryKey = [...keys.plan, 'adherence'];

/** Shows a session as it will be once the server has heard of it; an answer that is on the way is older than that. */
export async function showSession(
  client: QueryClient,
  sessionId: string,
  change: (session: SessionAdherence) => SessionAdherence,
): Promise<void> {
  await client.cancelQueries({ queryKey });
  client.setQueriesData<Report>({ queryKey }, (report) =>
    report === undefined
      ? undefined
      : {
          ...report,
          sessions: report.sessions.map((one) => (one.session_id === sessionId ? change(one) : one)),
        },
  );
}

/** The session as it stands with a word on it; what was recorded stays as it was recorded. */
export function marked(session: SessionAdherence, said: SessionMark, today: string): SessionAdherence {
  const about = { session_id: session.session_id, day: session.day, updated_at: '' };
  const mark = said.mark === null ? null : { ...said, ...about };
  if (session.activity_id) return { ...session, mark };
  const open = session.day < today ? 'missed' : 'upcoming';
  return { ...session, mark, status: said.mark ?? open };
}

/** Says what became of a session without a recording. It shows at once, and waits for the network if there is none. */
export function useMark(planId: string, sessionId: string) {
  const client = useQueryClient();
  const today = useFormat().today();
  const save = useMutation({
    scope: { id: `mark-${sessionId}` },
    mutationKey: writeKeys.mark,
    mutationFn: sendMark,
    onMutate: ({ said }) => showSession(client, sessionId, (session) => marked(session, said, today)),
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
  return {
    error: save.error,
    say: (said: SessionMark) => save.mutate({ key: newKey(), planId, sessionId, said }),
  };
}
