import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import type { Threshold } from '@/api/types';
import { Box, Button, Row, Text } from '@/design';
import { ConfirmDialog } from '@/features/shell/ConfirmDialog';
import { useFormat } from '@/i18n/useFormat';

import { type ThresholdInUse } from './entry';
import { thresholdText, useRefresh, useSince } from './useThresholds';

/** What held from which day on, newest first; an entry can be taken back. */
export function HistoryList({ threshold }: { threshold: Threshold }) {
  const { t } = useTranslation();
  const format = useFormat();
  const refresh = useRefresh();
  const since = useSince(threshold.history);
  const [leaving, setLeaving] = useState<ThresholdInUse | null>(null);
  const remove = useMutation({
    mutationFn: (from: string) =>
      answer(
        api().DELETE('/api/v1/athletes/me/thresholds/{quantity}/{valid_from}', {
          params: { path: { quantity: threshold.quantity, valid_from: from } },
        }),
      ),
    onSuccess: async () => {
      await refresh();
      setLeaving(null);
    },
  });
  if (threshold.history.length === 0) return null;
  const value = (one: ThresholdInUse) =>
    one.value === null ? t('thresholds.becameUnknown') : thresholdText(format, threshold.quantity, one.value);
  return (
    <Box gap="s">
      <Text variant="label" level={3}>
        {t('thresholds.history')}
      </Text>
      <Box gap="xs" role="list" aria-label={t('thresholds.history')}>
        {[...threshold.history].reverse().map((one) => (
          <Row key={one.valid_from} role="listitem" gap="m" justify="space-between">
            <Text variant="caption" shrink>
              {`${since(one)}: ${value(one)} · ${t(`thresholds.origin.${one.origin}`)}`}
            </Text>
            <Button
              label={t('thresholds.delete')}
              accessibilityLabel={`${t('thresholds.delete')}: ${since(one)}, ${value(one)}`}
              variant="quiet"
              flush="end"
              small
              onPress={() => setLeaving(one)}
            />
          </Row>
        ))}
      </Box>
      <ConfirmDialog
        title={t('thresholds.deleteTitle')}
        body={t('thresholds.deleteBody', { value: leaving ? value(leaving) : '' })}
        confirmLabel={t('thresholds.delete')}
        open={leaving !== null}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => {
          if (leaving) remove.mutate(leaving.valid_from);
        }}
        onClose={() => setLeaving(null)}
      />
    </Box>
  );
}
