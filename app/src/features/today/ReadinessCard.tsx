import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { wellnessQuery } from '@/api/queries';
import type { LoadWarning, LoadWarnings, Readiness, ReadinessTerm } from '@/api/types';
import { Badge, Banner, Box, Button, Card, Row, Table, Text } from '@/design';
import { hoursText } from '@/features/wellness/entry';
import { pointsOf } from '@/features/wellness/series';
import type en from '@/i18n/en.json';
import { useFormat } from '@/i18n/useFormat';

import { HealthReports } from './HealthReports';
import { ReportSymptoms } from './RedFlag';
import { byWeightOfWord, dailyMetric, digitsFor, toneOf, warningValues } from './terms';

/** How today compares with one's own usual days: the score, and every term behind it. */
export function ReadinessCard({ readiness }: { readiness: Readiness }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { score, verdict } = readiness;
  return (
    <Card
      title={t('readiness.title')}
      action={<Badge label={t(`readiness.verdict.${verdict}`)} tone={toneOf(verdict)} />}
    >
      {score === null ? null : (
        <Row align="baseline" gap="xs">
          <Text variant="statLarge">{format.number(score)}</Text>
          <Text variant="caption" tone="textSecondary">
            {t('readiness.of100')}
          </Text>
        </Row>
      )}
      <Text>{t(`readiness.verdictNote.${verdict}`)}</Text>
      <Row>
        <Button href="/body" label={t('readiness.feel')} variant="secondary" small />
      </Row>
      {readiness.is_saturated ? <Banner tone="info" title={t('readiness.saturated')} /> : null}
      {readiness.notes.map((note) => (
        <Banner key={note} tone="info" title={t(`readiness.note.${note}`)} />
      ))}
      {readiness.terms.length > 0 ? (
        <Terms terms={byWeightOfWord(readiness.terms)} day={readiness.date} />
      ) : null}
      {readiness.missing.length > 0 && readiness.terms.length > 0 ? (
        <Text variant="caption" tone="textSecondary">
          {t('readiness.missing', {
            terms: readiness.missing.map((id) => t(`readiness.term.${id}`)).join(', '),
          })}
        </Text>
      ) : null}
      <Text variant="caption" tone="textSecondary">
        {t('readiness.limits')}
      </Text>
      {readiness.red_flag === null ? <ReportSymptoms /> : null}
      <HealthReports />
    </Card>
  );
}

function Terms({ terms, day }: { terms: readonly ReadinessTerm[]; day: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const hasMeans = terms.some((term) => dailyMetric(term) !== null);
  const daily = useQuery({ ...wellnessQuery(day, day), enabled: hasMeans });
  const shown = (term: ReadinessTerm, value: number, digits = digitsFor(term)) => {
    switch (term.id) {
      case 'hrv':
        return t('readiness.unit.ms', { value: format.number(value, digits) });
      case 'resting_hr':
        return t('readiness.unit.bpm', { value: format.number(value, digits) });
      case 'sleep':
        return t('readiness.unit.h', { value: hoursText(value) });
      case 'subjective':
        return format.number(value, digits);
      default:
        return format.signed(value, digits);
    }
  };
  const span = (term: ReadinessTerm) => {
    const metric = dailyMetric(term);
    const own = metric !== null && daily.data ? pointsOf(daily.data, metric).at(-1) : undefined;
    return [
      t(`readiness.span.${term.id}`),
      ...(own?.day === day ? [t('readiness.ofToday', { value: shown(term, own.value.value, 0) })] : []),
    ].join(' · ');
  };
  return (
    <Table
      fits
      label={t('readiness.terms')}
      columns={[
        {
          id: 'term',
          title: t('readiness.column.term'),
          grow: 2,
          minWidth: 110,
          cell: (term: ReadinessTerm) => (
            <Box>
              <Text variant="caption">{t(`readiness.term.${term.id}`)}</Text>
              <Text variant="micro" tone="textSecondary">
                {span(term)}
              </Text>
            </Box>
          ),
        },
        {
          id: 'value',
          title: t('readiness.column.now'),
          numeric: true,
          minWidth: 92,
          cell: (term) => (
            <Box align="flex-end">
              <Text variant="label" tabular>
                {shown(term, term.value)}
              </Text>
              <Text variant="micro" tone="textSecondary" align="end">
                {t('readiness.usual', { value: shown(term, term.usual) })}
              </Text>
            </Box>
          ),
        },
        {
          id: 'points',
          title: t('readiness.column.points'),
          numeric: true,
          minWidth: 48,
          cell: (term) => (term.points === null ? '–' : format.signed(term.points, 1)),
        },
      ]}
      items={terms}
      keyOf={(term) => term.id}
    />
  );
}

/** What speaks for caution, with reasons; the red flag has a place of its own. */
export function WarningsCard({ warnings }: { warnings: LoadWarnings }) {
  const { t } = useTranslation();
  const shown = warnings.warnings.filter((warning) => warning.rule !== 'R7');
  if (shown.length === 0) return null;
  return (
    <Card title={t('loadWarning.title')} caption={t(`loadWarning.band.${warnings.band}`)}>
      <Box gap="m" role="list">
        {shown.map((warning) => (
          <Warning key={warning.rule} warning={warning} />
        ))}
      </Box>
      <Text variant="caption" tone="textSecondary">
        {t('loadWarning.limits')}
      </Text>
    </Card>
  );
}

type Sign = keyof (typeof en)['loadWarning']['sign'];
type EvidenceValues = { hurt_per_1000_usually: string; hurt_per_1000_after: string };
type Rule = 'R1' | 'R2' | 'R3' | 'R4' | 'R5' | 'R6' | 'R8';

function Warning({ warning }: { warning: LoadWarning }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rule = warning.rule as Rule;
  const values = warningValues(warning, {
    number: format.number,
    sign: (code) => t(`loadWarning.sign.${code as Sign}`),
  });
  if (values.day !== undefined) {
    values.day = format.day(values.day, { weekday: 'long', day: 'numeric', month: 'long' });
  }
  return (
    <Box gap="xxs" role="listitem">
      <Text variant="label" strong>
        {t(
          (rule === 'R5' && values.drop_pct !== undefined
            ? 'loadWarning.R5.testFell'
            : `loadWarning.${rule}.message`) as 'loadWarning.R6.message',
          values as { site: string },
        )}
      </Text>
      <Text variant="caption">{t(`loadWarning.${rule}.advice`)}</Text>
      {warning.evidence === '' ? null : (
        <Text variant="caption" tone="textSecondary">
          {t(`loadWarning.${rule}.evidence` as 'loadWarning.R1.evidence', values as EvidenceValues)}
        </Text>
      )}
    </Box>
  );
}
