import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Box, Button, Row, Text } from '@/design';
import { useFormat } from '@/i18n/useFormat';

import type { RaceTime } from './planQueries';

/** The one race time: with its interval, what it rests on, and why. */
export function RaceTimeBox({ raceTime }: { raceTime: RaceTime }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const [low, high] = raceTime.interval_80_s;
  const isPrediction = raceTime.basis === 'prediction';
  return (
    <Box gap="xs" testID="race-time">
      <Text variant="caption" tone="textSecondary">
        {t(`raceTime.basis.${raceTime.basis}`)}
      </Text>
      <Row gap="m" align="baseline" wrap>
        <Text variant="statLarge">{format.clock(raceTime.time_s)}</Text>
        <Text variant="label" tone="textSecondary">
          {t('raceTime.between', { low: format.clock(low), high: format.clock(high) })}
        </Text>
      </Row>
      <Row gap="s" wrap>
        <Button
          label={t('raceTime.why')}
          variant="quiet"
          small
          flush="start"
          onPress={() => setOpen(!open)}
        />
        {isPrediction ? (
          <Button href="/fitness" label={t('raceTime.more')} variant="quiet" small />
        ) : (
          <Button href="/thresholds" label={t('raceTime.threshold')} variant="quiet" small />
        )}
      </Row>
      {open ? (
        <Box gap="xxs">
          {isPrediction ? (
            raceTime.reasons.map((reason) => (
              <Text key={reason} variant="caption" lang={i18n.language.startsWith('en') ? undefined : 'en'}>
                {reason}
              </Text>
            ))
          ) : (
            <Text variant="caption">{t(`raceTime.reason.${raceTime.basis as 'threshold'}`)}</Text>
          )}
        </Box>
      ) : null}
    </Box>
  );
}
