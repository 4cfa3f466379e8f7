/** Moving a session: what is asked for, what the server asks back, and the order that answers it. Pure. */
import { ApiError } from '@/api/errors';
import type { PlannedDay, PlannedSession } from '@/api/types';

export type Order = {
  sessionId: string;
  to: string;
  /** A session of that day that takes this one's place. */
  swapWith?: string;
  /** Minutes that single dates offer this once. */
  offer?: Record<string, number>;
  confirm?: boolean;
};

export type ShortDay = { date: string; offered: number; needed: number };
export type Remark = { rule: string; detail: string };

export type Question =
  | { kind: 'occupied'; others: PlannedSession[] }
  | { kind: 'time'; days: ShortDay[]; remarks: Remark[] }
  | { kind: 'remark'; remark: Remark }
  | { kind: 'refused'; rule: string; detail: string };

type Loose = Record<string, unknown>;

function loose(value: unknown): Loose[] {
  return Array.isArray(value)
    ? value.filter((item): item is Loose => typeof item === 'object' && item !== null)
    : [];
}

function remarkOf(item: Loose): Remark {
  return { rule: String(item.rule ?? ''), detail: String(item.detail ?? '') };
}

/** What stands on the day already and could change places; the race stays where it is. */
export function othersOn(day: PlannedDay | undefined, sessionId: string): PlannedSession[] {
  return (day?.sessions ?? []).filter((item) => item.id !== sessionId && item.kind !== 'race');
}

/** What the server asks back, or why it refuses; null for everything that is no answer to a move. */
export function questionOf(error: unknown): Question | null {
  if (!(error instanceof ApiError)) return null;
  const { code, facts, message } = error;
  if (code === 'plan_needs_time') {
    const days = loose(facts.days).map((item) => ({
      date: String(item.date),
      offered: Number(item.offered_minutes),
      needed: Number(item.needed_minutes),
    }));
    return { kind: 'time', days, remarks: loose(facts.remarks).map(remarkOf) };
  }
  if (code === 'plan_warning')
    return { kind: 'remark', remark: { rule: String(facts.rule ?? ''), detail: message } };
  if (code === 'plan_rule_broken')
    return { kind: 'refused', rule: String(facts.rule ?? ''), detail: message };
  return null;
}

/** The order that says yes to a question. Remarks that were shown with it are confirmed, too. */
export function agreed(order: Order, question: Question): Order {
  if (question.kind === 'time') {
    const offer = Object.fromEntries(question.days.map((day) => [day.date, day.needed]));
    return {
      ...order,
      offer: { ...order.offer, ...offer },
      confirm: order.confirm || question.remarks.length > 0,
    };
  }
  return question.kind === 'remark' ? { ...order, confirm: true } : order;
}
