import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import type { Threshold, ThresholdEvidence } from '@/api/types';
import { Banner, Box, Button, Row, Text } from '@/design';
import { noteIn } from '@/features/activities/metricNotes';
import { ConfirmDialog } from '@/features/shell/ConfirmDialog';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import { ageText, canUse, isProtocol, usable } from './entry';
import { DATE, thresholdText, usePutInUse, useRefresh } from './useThresholds';

const SHOWN_AT_FIRST = 3;

/** Room for the words of a row before its buttons go below them. */
const TEXT_BASIS = 200;

/** Why the estimate is what it is, newest first, each with its age. */
export function EvidenceList({ threshold }: { threshold: Threshold }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const refresh = useRefresh();
  const use = usePutInUse();
  const [all, setAll] = useState(false);
  const [leaving, setLeaving] = useState<ThresholdEvidence | null>(null);
  const remove = useMutation({
    mutationFn: (id: string) =>
      answer(
        api().DELETE('/api/v1/athletes/me/threshold-tests/{test_id}', { params: { path: { test_id: id } } }),
      ),
    onSuccess: async () => {
      await refresh();
      setLeaving(null);
    },
  });
  const { evidence, quantity: id, in_use: inUse } = threshold;
  if (evidence.length === 0) return null;
  const shown = all ? evidence : evidence.slice(0, SHOWN_AT_FIRST);
  return (
    <Box gap="s">
      <Text variant="label" level={3}>
        {t('thresholds.evidence')}
      </Text>
      {use.error ? <Banner tone="danger" urgent title={errorText(use.error).message} /> : null}
      <Box gap="m" role="list" aria-label={t('thresholds.evidence')}>
        {shown.map((one, index) => (
          <EvidenceRow
            key={`${one.date}-${index}`}
            one={one}
            value={thresholdText(format, id, one.value)}
            busy={use.isPending}
            onUse={
              canUse(one, inUse)
                ? () => use.mutate({ id, from: one.date, value: usable(id, one.value), origin: 'test' })
                : undefined
            }
            onDelete={one.kind === 'test' ? () => setLeaving(one) : undefined}
          />
        ))}
      </Box>
      {evidence.length > SHOWN_AT_FIRST ? (
        <Button
          label={all ? t('thresholds.fewer') : t('thresholds.all', { count: evidence.length })}
          variant="quiet"
          flush="start"
          small
          onPress={() => setAll(!all)}
        />
      ) : null}
      <ConfirmDialog
        title={t('thresholds.deleteTestTitle')}
        body={t('thresholds.deleteTestBody', { day: leaving ? format.day(leaving.date, DATE) : '' })}
        confirmLabel={t('thresholds.delete')}
        open={leaving !== null}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => {
          if (leaving?.test_id) remove.mutate(leaving.test_id);
        }}
        onClose={() => setLeaving(null)}
      />
    </Box>
  );
}

function EvidenceRow({
  one,
  value,
  busy,
  onUse,
  onDelete,
}: {
  one: ThresholdEvidence;
  value: string;
  busy: boolean;
  onUse?: () => void;
  onDelete?: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const day = format.day(one.date, DATE);
  const what =
    one.kind === 'test' && isProtocol(one.detail)
      ? t(`thresholds.protocol.${one.detail}`)
      : one.detail === 'highest_10s'
        ? t('thresholds.highest10s')
        : t(`thresholds.kind.${one.kind}`);
  // A hard effort says in words how long its best stretch was.
  const best = one.kind === 'best_effort' ? noteIn(one.detail)?.numbers.duration : undefined;
  return (
    <Row role="listitem" gap="m" justify="space-between" wrap>
      <Box gap="xxs" style={{ flexGrow: 1, flexShrink: 1, flexBasis: TEXT_BASIS }}>
        <Text>{one.is_lower_bound ? t('thresholds.atLeast', { what, value }) : `${what}: ${value}`}</Text>
        <Text variant="caption" tone="textSecondary">
          {t('thresholds.aged', {
            day,
            age: ageText(one.age_days, format.language),
            error: format.number(one.error_pct, one.error_pct % 1 === 0 ? 0 : 1),
          })}
          {best === undefined ? '' : ` · ${t('thresholds.fromBest', { duration: format.clock(best) })}`}
        </Text>
        {one.set_aside ? <Text variant="caption">{t(`thresholds.setAside.${one.set_aside}`)}</Text> : null}
      </Box>
      <Row gap="xs">
        {one.activity_id ? (
          <Button
            href={`/activities/${one.activity_id}`}
            label={t('thresholds.activity')}
            accessibilityLabel={t('thresholds.activityOf', { day })}
            variant="quiet"
            flush="end"
            small
          />
        ) : null}
        {onUse ? (
          <Button
            label={t('thresholds.use')}
            accessibilityLabel={`${t('thresholds.use')}: ${what}, ${value}`}
            variant="secondary"
            small
            busy={busy}
            onPress={onUse}
          />
        ) : null}
        {onDelete ? (
          <Button
            label={t('thresholds.delete')}
            accessibilityLabel={`${t('thresholds.delete')}: ${what}, ${day}`}
            variant="quiet"
            flush="end"
            small
            onPress={onDelete}
          />
        ) : null}
      </Row>
    </Row>
  );
}
