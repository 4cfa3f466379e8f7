import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { Plan } from '@/api/types';
import { useToast } from '@/design';

import { agreed, type Order, othersOn, type Question, questionOf } from './move';

/** Puts a session on another day; the server's checker decides, and what it asks is asked here. */
export function useMove(plan: Plan) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const [asked, setAsked] = useState<{ order: Order; question: Question } | null>(null);
  const move = useMutation({
    mutationFn: ({ sessionId, to, swapWith, offer, confirm }: Order) =>
      answer(
        api().POST('/api/v1/plans/{plan_id}/sessions/{session_id}/move', {
          params: { path: { plan_id: plan.id, session_id: sessionId } },
          body: {
            to,
            confirm_warnings: confirm ?? false,
            offer_minutes: offer ?? {},
            ...(swapWith === undefined ? {} : { swap_with: swapWith }),
          },
        }),
      ),
    onSuccess: (_answer, order) => {
      setAsked(null);
      toast(t(order.swapWith === undefined ? 'planMove.moved' : 'planMove.swapped'));
      void client.invalidateQueries({ queryKey: keys.plan });
    },
    onError: (error, order) => {
      const question = questionOf(error);
      setAsked(question === null ? null : { order, question });
    },
  });
  /** Asks first where the day is taken. */
  const start = (sessionId: string, to: string) => {
    move.reset();
    const from = plan.document.days.find((day) => day.sessions.some((item) => item.id === sessionId));
    if (from === undefined || from.date === to) return;
    const others = othersOn(
      plan.document.days.find((day) => day.date === to),
      sessionId,
    );
    const order = { sessionId, to };
    if (others.length === 0) move.mutate(order);
    else setAsked({ order, question: { kind: 'occupied', others } });
  };
  const agree = () => {
    if (asked !== null) move.mutate(agreed(asked.order, asked.question));
  };
  const choose = (swapWith: string | null) => {
    if (asked !== null) move.mutate(swapWith === null ? asked.order : { ...asked.order, swapWith });
  };
  return { move, asked, start, agree, choose, leave: () => setAsked(null) };
}
