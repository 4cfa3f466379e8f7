import { useMutation, useQueryClient } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import { ApiError } from '@/api/errors';
import { keys } from '@/api/queries';

export type Move = { sessionId: string; to: string; confirm?: boolean };

/** Puts a session on another day; the server's checker decides. A remark of the checker can be confirmed. */
export function useMove(planId: string) {
  const client = useQueryClient();
  const move = useMutation({
    mutationFn: ({ sessionId, to, confirm }: Move) =>
      answer(
        api().POST('/api/v1/plans/{plan_id}/sessions/{session_id}/move', {
          params: { path: { plan_id: planId, session_id: sessionId } },
          body: { to, confirm_warnings: confirm ?? false },
        }),
      ),
    onSuccess: () => void client.invalidateQueries({ queryKey: keys.plan }),
  });
  const needsConfirmation = move.error instanceof ApiError && move.error.code === 'plan_warning';
  return { move, needsConfirmation };
}
