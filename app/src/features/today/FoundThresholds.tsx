import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { thresholdsQuery } from '@/api/queries';
import { Button, Card, Text } from '@/design';
import { suggested, usable } from '@/features/thresholds/entry';
import { thresholdText } from '@/features/thresholds/useThresholds';
import { useFormat } from '@/i18n/useFormat';

/** What the training says about thresholds of which none is in use yet; the athlete decides. */
export function FoundThresholds() {
  const { t } = useTranslation();
  const format = useFormat();
  const thresholds = useQuery(thresholdsQuery());
  const found = suggested(thresholds.data?.thresholds ?? []);
  if (found.length === 0) return null;
  const values = found.map(({ quantity, estimate }) =>
    thresholdText(format, quantity, usable(quantity, estimate.value)),
  );
  return (
    <Card title={t('today.foundThresholds')}>
      <Text variant="bodyStrong">{values.join(', ')}</Text>
      <Text tone="textSecondary">{t('today.foundThresholdsBody')}</Text>
      <Button href="/thresholds" label={t('today.useThresholds')} align="start" />
    </Card>
  );
}
