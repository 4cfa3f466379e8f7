import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Threshold } from '@/api/types';
import { Banner, Box, Button, Card, Row, Text } from '@/design';
import { DraftWaits } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import { ageText, agrees, isPace, isTested, newestOf, testDraft, usable, valueDraft } from './entry';
import { EstimateChart } from './EstimateChart';
import { EvidenceList } from './EvidenceList';
import { HistoryList } from './HistoryList';
import { TestDialog } from './TestDialog';
import { DATE, thresholdText, usePutInUse, useSince } from './useThresholds';
import { ValueDialog } from './ValueDialog';

/** One threshold: what is in use, what the evidence says, and the ways to say more. */
export function ThresholdCard({ threshold }: { threshold: Threshold }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<'value' | 'test' | null>(null);
  const id = threshold.quantity;
  const name = t(`thresholds.quantity.${id}`);
  const isUnknown = threshold.in_use === null && threshold.estimate === null;
  return (
    <Card title={name} caption={t(`thresholds.meaning.${id}`)}>
      {isUnknown ? (
        <Box gap="xxs">
          <Text strong>{t('thresholds.unknown')}</Text>
          <Text tone="textSecondary">{t(`thresholds.learn.${id}`)}</Text>
        </Box>
      ) : (
        <>
          <InUse threshold={threshold} />
          <Estimate threshold={threshold} />
        </>
      )}
      <Row gap="s" wrap>
        <Button
          label={t('thresholds.knowValue')}
          accessibilityLabel={`${t('thresholds.knowValue')}: ${name}`}
          variant="secondary"
          small
          onPress={() => setAsking('value')}
        />
        {isTested(id) ? (
          <Button
            label={t('thresholds.didTest')}
            accessibilityLabel={`${t('thresholds.didTest')}: ${name}`}
            variant="secondary"
            small
            onPress={() => setAsking('test')}
          />
        ) : null}
      </Row>
      <DraftWaits names={[valueDraft(id), testDraft(id)]} again={asking} />
      <EstimateChart threshold={threshold} />
      <EvidenceList threshold={threshold} />
      <HistoryList threshold={threshold} />
      {asking === 'value' ? <ValueDialog id={id} onClose={() => setAsking(null)} /> : null}
      {asking === 'test' && isTested(id) ? <TestDialog id={id} onClose={() => setAsking(null)} /> : null}
    </Card>
  );
}

function InUse({ threshold }: { threshold: Threshold }) {
  const { t } = useTranslation();
  const format = useFormat();
  const since = useSince(threshold.history);
  const inUse = threshold.in_use;
  const value = inUse?.value;
  return (
    <Box gap="xxs">
      <Text variant="label" tone="textSecondary">
        {t('thresholds.inUse')}
      </Text>
      {inUse === null || value === null || value === undefined ? (
        <Text>{t('thresholds.notInUse')}</Text>
      ) : (
        <>
          <Text variant="statLarge">{thresholdText(format, threshold.quantity, value)}</Text>
          <Text variant="caption" tone="textSecondary">
            {`${since(inUse)} · ${t(`thresholds.origin.${inUse.origin}`)}`}
          </Text>
        </>
      )}
    </Box>
  );
}

function Estimate({ threshold }: { threshold: Threshold }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const accept = usePutInUse();
  const { quantity: id, estimate, in_use: inUse } = threshold;
  if (estimate === null) return null;
  const text = (value: number) => thresholdText(format, id, value);
  const shown = text(usable(id, estimate.value));
  const isInUse = inUse !== null && inUse.value !== null && text(inUse.value) === shown;
  const [from, to] = isPace(id) ? [estimate.high, estimate.low] : [estimate.low, estimate.high];
  const newest = newestOf(threshold);
  const isInRange = typeof inUse?.value === 'number' && agrees(estimate, inUse.value);
  return (
    <Box background="surfaceSunken" radius="m" padding="m" gap="s">
      {accept.error ? <Banner tone="danger" urgent title={errorText(accept.error).message} /> : null}
      <Box gap="xxs">
        <Text strong>{t('thresholds.estimate', { value: shown })}</Text>
        <Text variant="caption" tone="textSecondary">
          {id === 'hr_max_bpm'
            ? t('thresholds.reached', { day: format.day(estimate.date, DATE) })
            : t('thresholds.range', { low: text(from), high: text(to) })}
          {newest === undefined || id === 'hr_max_bpm'
            ? ''
            : ` ${t('thresholds.newest', { age: ageText(newest.age_days, format.language) })}`}
        </Text>
      </Box>
      {isInRange ? (
        <Text variant="caption" tone="successText">
          {t(isInUse ? 'thresholds.isInUse' : 'thresholds.agrees')}
        </Text>
      ) : null}
      {isInUse ? null : (
        <Button
          label={t('thresholds.use')}
          accessibilityLabel={`${t('thresholds.use')}: ${shown}`}
          variant={isInRange ? 'secondary' : 'primary'}
          small
          busy={accept.isPending}
          onPress={() =>
            accept.mutate({
              id,
              from: format.today(),
              value: usable(id, estimate.value),
              origin: 'estimate',
            })
          }
        />
      )}
    </Box>
  );
}
