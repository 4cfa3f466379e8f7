import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { thresholdsQuery } from '@/api/queries';
import { Banner, Box, Button, Card, Row, Text } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';
import { type Doubted, doubted, isPace, usable } from '@/features/thresholds/entry';
import { toAsk, useKeptThresholds } from '@/features/thresholds/kept';
import { DATE, thresholdShown, thresholdText, usePutInUse } from '@/features/thresholds/useThresholds';
import { useFormat } from '@/i18n/useFormat';

/** Thresholds in use that the training contradicts; the athlete decides which holds. */
export function DoubtedThresholds({ athleteId }: { athleteId: string }) {
  const { t } = useTranslation();
  const thresholds = useQuery(thresholdsQuery());
  const [kept, keep] = useKeptThresholds(athleteId);
  const asked = kept === undefined ? [] : toAsk(doubted(thresholds.data?.thresholds ?? []), kept);
  if (asked.length === 0) return null;
  return (
    <Card title={t('today.doubtedThresholds', { count: asked.length })}>
      {asked.map((one) => (
        <Question key={one.quantity} doubted={one} onKeep={() => keep(one)} />
      ))}
    </Card>
  );
}

function Question({
  doubted: { quantity, in_use: inUse, estimate },
  onKeep,
}: {
  doubted: Doubted;
  onKeep: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const accept = usePutInUse();
  const text = (value: number) => thresholdText(format, quantity, value);
  const [from, to] = isPace(quantity) ? [estimate.high, estimate.low] : [estimate.low, estimate.high];
  const found = usable(quantity, estimate.value);
  return (
    <Box gap="s">
      {accept.error ? <Banner tone="danger" urgent title={errorText(accept.error).message} /> : null}
      <Box gap="xxs">
        <Text variant="bodyStrong">{t(`thresholds.quantity.${quantity}`)}</Text>
        <Text>
          {quantity === 'hr_max_bpm'
            ? t('today.reachedAbove', {
                used: text(inUse.value),
                found: text(found),
                day: format.day(estimate.date, DATE),
              })
            : t('today.doubtedThreshold', {
                used: text(inUse.value),
                found: text(found),
                low: thresholdShown(format, quantity, from)?.value,
                high: thresholdShown(format, quantity, to)?.value,
              })}
        </Text>
      </Box>
      <Row gap="s" wrap>
        <Button
          label={t('today.useFound', { value: text(found) })}
          small
          busy={accept.isPending}
          onPress={() =>
            accept.mutate({ id: quantity, from: format.today(), value: found, origin: 'estimate' })
          }
        />
        <Button
          label={t('today.keepMine')}
          accessibilityLabel={`${t('today.keepMine')}: ${text(inUse.value)}`}
          variant="secondary"
          small
          onPress={onKeep}
        />
      </Row>
    </Box>
  );
}
