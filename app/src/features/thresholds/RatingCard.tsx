import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys, ratingScaleQuery } from '@/api/queries';
import type { RatingScale } from '@/api/types';
import { Button, Card, Text, useToast } from '@/design';
import { ConfirmDialog } from '@/features/shell/ConfirmDialog';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';

import { loadOfHour } from './rating';
import { DATE } from './useThresholds';

/** What was learned of how the athlete rates sessions: what it gives, what it rests on, and how to be rid of it. */
export function RatingCard() {
  const { t } = useTranslation();
  const scale = useQuery(ratingScaleQuery());
  return (
    <Card title={t('thresholds.rating.title')} caption={t('thresholds.rating.caption')}>
      <QueryState query={scale} skeleton={{ count: 1, height: 80 }}>
        {(known) => <Learned scale={known} />}
      </QueryState>
    </Card>
  );
}

function Learned({ scale }: { scale: RatingScale }) {
  const { t } = useTranslation();
  const format = useFormat();
  const toast = useToast();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const forget = useMutation({
    mutationFn: () => answer(api().DELETE('/api/v1/fitness/rating-scale')),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.fitness });
      setAsking(false);
      toast(t('thresholds.rating.forgotten'));
    },
  });
  const standard = format.number(loadOfHour(scale.default_load_per_srpe));
  const hasLearned = scale.sessions > 0;
  return (
    <>
      <Text>
        {t('thresholds.rating.value', { load: format.number(loadOfHour(scale.load_per_srpe)), standard })}
      </Text>
      <Text variant="caption" tone="textSecondary">
        {hasLearned ? t('thresholds.rating.restsOn', { count: scale.sessions }) : t('thresholds.rating.none')}
      </Text>
      {scale.reset_at === null ? null : (
        <Text variant="caption" tone="textSecondary">
          {t('thresholds.rating.since', { day: format.instant(scale.reset_at, DATE) })}
        </Text>
      )}
      {hasLearned ? (
        <Button
          label={t('thresholds.rating.forget')}
          variant="secondary"
          align="start"
          onPress={() => setAsking(true)}
        />
      ) : null}
      <ConfirmDialog
        title={t('thresholds.rating.forgetTitle')}
        body={t('thresholds.rating.forgetBody', { standard })}
        confirmLabel={t('thresholds.rating.forgetNow')}
        open={asking}
        busy={forget.isPending}
        error={forget.error}
        onConfirm={() => forget.mutate()}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
