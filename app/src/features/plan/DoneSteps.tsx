import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Badge, Box, Button, Row, Text } from '@/design';
import { useFormat } from '@/i18n/useFormat';

import type { SessionAdherence } from './planQueries';

const TONES = {
  met: 'success',
  below: 'warning',
  above: 'warning',
  short: 'warning',
  missed: 'danger',
  unmeasured: 'neutral',
} as const;

const SHOWN_STEPS = 6;

/** What became of each step, as far as it was recorded. */
export function DoneSteps({ session }: { session: SessionAdherence }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [all, setAll] = useState(false);
  const share = session.share ?? null;
  const steps = session.steps ?? [];
  const isLong = steps.length > SHOWN_STEPS;
  return (
    <Box gap="xs">
      <Row justify="space-between" gap="s">
        <Text variant="label">
          {share === null
            ? t('adherence.unjudged')
            : t('adherence.share', { value: format.number(share * 100) })}
        </Text>
        {isLong ? (
          <Button
            label={t(all ? 'adherence.fewer' : 'adherence.all', { count: steps.length })}
            variant="quiet"
            small
            flush="end"
            onPress={() => setAll(!all)}
          />
        ) : null}
      </Row>
      {isLong && !all ? null : (
        <Box gap="xs" role="list" aria-label={t('adherence.steps')}>
          {steps.map((step) => {
            return (
              <Row key={step.index} gap="s" justify="space-between" role="listitem">
                <Box flex={1} minWidth={0}>
                  <Text variant="caption" numberOfLines={1}>
                    {`${format.clock(step.planned_s)} ${step.text}`}
                  </Text>
                </Box>
                <Badge label={t(`adherence.${step.verdict}`)} tone={TONES[step.verdict]} />
              </Row>
            );
          })}
        </Box>
      )}
    </Box>
  );
}
