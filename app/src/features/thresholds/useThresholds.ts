import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import { useToast } from '@/design';
import { type Format, type Shown, useFormat } from '@/i18n/useFormat';

import { isFirst, SINCE_ALWAYS, type ThresholdId, type ThresholdInUse } from './entry';

/** A threshold as people read it, with its unit apart. */
export function thresholdShown(format: Format, id: ThresholdId, value: number): Shown | null {
  if (id.endsWith('_w')) return format.plain(value, 'w');
  if (id.endsWith('_bpm')) return format.plain(value, 'bpm');
  return format.speed(value, id === 'css_m_s' ? 'swimming' : 'running');
}

/** The same in one piece. */
export function thresholdText(format: Format, id: ThresholdId, value: number): string {
  return thresholdShown(format, id, value)?.text ?? '';
}

/** From which day on a value of a history holds; the first one counts for the days before, too. */
export function useSince(history: readonly ThresholdInUse[]): (one: ThresholdInUse) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (one) => {
    if (one.valid_from === SINCE_ALWAYS) return t('thresholds.sinceAlways');
    const day = format.day(one.valid_from, DATE);
    return isFirst(history, one) ? t('thresholds.sinceAndBefore', { day }) : t('thresholds.since', { day });
  };
}

export const DATE: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };

/** Fetches afresh whatever a threshold changes. */
export function useRefresh() {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: keys.thresholds }),
      client.invalidateQueries({ queryKey: keys.me }),
    ]);
}

export type InUse = { id: ThresholdId; from: string; value: number; origin: ThresholdInUse['origin'] };

/** Lets a value hold from a day on. */
export function usePutInUse(onDone?: () => void) {
  const { t } = useTranslation();
  const format = useFormat();
  const refresh = useRefresh();
  const toast = useToast();
  return useMutation({
    mutationFn: ({ id, from, value, origin }: InUse) =>
      answer(
        api().PUT('/api/v1/athletes/me/thresholds/{quantity}/{valid_from}', {
          params: { path: { quantity: id, valid_from: from } },
          body: { value, origin },
        }),
      ),
    onSuccess: async (_, { id, value }) => {
      await refresh();
      toast(t('thresholds.nowInUse', { value: thresholdText(format, id, value) }));
      onDone?.();
    },
  });
}
