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
  if (raceTime.time_s == null || raceTime.interval_80_s == null) return <NoRaceTime raceTime={raceTime} />;
  const [low, high] = raceTime.interval_80_s;
  const isPrediction = raceTime.basis === 'prediction';
  const reason = `raceTime.reason.${raceTime.sport}`;
  return (
    <Box gap="xs" testID="race-time">
      <Text variant="caption" tone="textSecondary">
        {t(isPrediction ? 'raceTime.basis.prediction' : 'raceTime.basis.threshold')}
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
            <Text variant="caption">
              {t(i18n.exists(reason) ? (reason as 'raceTime.reason.cycling') : 'raceTime.reason.threshold')}
            </Text>
          )}
        </Box>
      ) : null}
    </Box>
  );
}

/** Why no time is named, and where to enter what it needs. */
function NoRaceTime({ raceTime }: { raceTime: RaceTime }) {
  const { t, i18n } = useTranslation();
  const missing = raceTime.missing ?? [];
  const names = missing
    .map((name) => `raceTime.missing.${name}`)
    .filter((key) => i18n.exists(key))
    .map((key) => t(key as 'raceTime.missing.power_w'));
  const needsThreshold = missing.some((name) => name !== 'mass_kg');
  return (
    <Box gap="xs" testID="race-time">
      <Text variant="label">{t('raceTime.none')}</Text>
      <Text variant="caption" tone="textSecondary">
        {t('raceTime.needs', { names: names.join(', ') })}
      </Text>
      <Row gap="s" wrap>
        {needsThreshold ? (
          <Button href="/thresholds" label={t('raceTime.threshold')} variant="quiet" small flush="start" />
        ) : null}
      </Row>
    </Box>
  );
}
