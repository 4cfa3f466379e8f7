import { useTranslation } from 'react-i18next';

import type { LegDetail } from '@/api/types';
import { Box, Button, Card, Row, Text } from '@/design';
import { type Format, useFormat } from '@/i18n/useFormat';

import { noteIn } from './metricNotes';
import { isOtherSport, isUnknownSource, missingParameters } from './missing';

type Metric = LegDetail['metrics'][string];

function digitsFor(value: number): number {
  const magnitude = Math.abs(value);
  return magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : 2;
}

function shown(metric: Metric, format: Format): string | null {
  if (metric.value === null) return null;
  const { value, unit } = metric;
  switch (unit) {
    case 's':
      return format.clock(value);
    case 'm/s':
      return format.speed(value, 'running')?.text ?? null;
    case 'J':
      return format.plain(value / 1000, 'kj')?.text ?? null;
    case 'W':
      return format.plain(value, 'w')?.text ?? null;
    case 'bpm':
      return format.plain(value, 'bpm')?.text ?? null;
    case 'AU':
      return format.number(value, 0);
    case '1':
      return format.number(value, 2);
    default:
      return `${format.number(value, digitsFor(value))} ${unit}`;
  }
}

/** What was computed, and for what could not be computed, why. A coach cannot fill in what is missing. */
export function MetricsCard({ leg, isOwn = true }: { leg: LegDetail; isOwn?: boolean }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const entries = Object.entries(leg.metrics);
  const name = (id: string) => {
    const key = `metric.${id}`;
    return i18n.exists(key) ? t(key as 'metric.trimp_banister') : id.replaceAll('_', ' ');
  };
  const computed = entries.flatMap(([id, metric]) => {
    const text = shown(metric, format);
    return text === null ? [] : [{ id, text, warnings: metric.warnings }];
  });
  const missing = entries.filter(([, metric]) => metric.value === null && metric.warnings.length > 0);
  const note = (warning: string) => {
    const found = noteIn(warning);
    if (found === null) return null;
    const { duration, needed, value, limit } = found.numbers;
    return t(`metricNote.${found.kind}`, {
      duration: format.clock(duration ?? 0),
      needed: format.clock(needed ?? 0),
      value: format.number(value ?? 0, Number.isInteger(value ?? 0) ? 0 : 1),
      limit: format.number(limit ?? 0, Number.isInteger(limit ?? 0) ? 0 : 1),
    });
  };
  const reason = (warning: string) => {
    if (isOtherSport(warning)) return t('metricMissing.otherSport');
    if (isUnknownSource(warning)) return t('metricMissing.unknownSource');
    const names = missingParameters(warning).map((id) =>
      id === 'sex' ? t('profile.sex') : t(`profile.parameter.${id}`),
    );
    return names.length === 0
      ? note(warning)
      : t(isOwn ? 'metricMissing.needs' : 'metricMissing.needsOfAthlete', { names: names.join(', ') });
  };
  const mendable =
    isOwn && missing.some(([, metric]) => missingParameters(metric.warnings[0] ?? '').length > 0);
  if (computed.length === 0 && missing.length === 0) return null;
  return (
    <Card title={t('metric.title')}>
      <Box gap="s">
        {leg.power_source ? (
          <Text variant="caption" tone="textSecondary">
            {t('metric.powerSource', { source: t(`powerSource.${leg.power_source}`) })}
          </Text>
        ) : null}
        {computed.map(({ id, text, warnings }) => (
          <Box key={id} gap="xxs">
            <Row justify="space-between" gap="m">
              <Text tone="textSecondary" variant="label" shrink>
                {name(id)}
              </Text>
              <Text variant="label" tabular>
                {text}
              </Text>
            </Row>
            {warnings.map((warning) => (
              <Reason key={warning} words={note(warning)} original={warning} />
            ))}
          </Box>
        ))}
        {missing.map(([id, metric]) => (
          <Box key={id} gap="xxs">
            <Row justify="space-between" gap="m">
              <Text tone="textSecondary" variant="label" shrink>
                {name(id)}
              </Text>
              <Text variant="label" aria-label={t('state.missing')}>
                –
              </Text>
            </Row>
            <Reason words={reason(metric.warnings[0] ?? '')} original={metric.warnings[0] ?? ''} />
          </Box>
        ))}
        {mendable ? (
          <Button href="/profile" label={t('metricMissing.open')} variant="quiet" small flush="start" />
        ) : null}
      </Box>
    </Card>
  );
}

/** Our own words where we know the reason, the server's otherwise. */
function Reason({ words, original }: { words: string | null; original: string }) {
  return (
    <Text variant="caption" tone="textSecondary" lang={words === null ? 'en' : undefined}>
      {words ?? original}
    </Text>
  );
}
