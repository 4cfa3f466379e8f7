import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { fitnessQuery, forecastQuery, latestActivityQuery } from '@/api/queries';
import type { Fitness, FitnessForecast } from '@/api/types';
import {
  Banner,
  Box,
  Button,
  Card,
  Columns,
  EmptyState,
  Row,
  Screen,
  SegmentedControl,
  Text,
} from '@/design';
import { QueryState } from '@/features/shell/QueryState';
import { TableToggle } from '@/features/shell/TableToggle';
import { useFormat } from '@/i18n/useFormat';

import { CurveCard } from './CurveCard';
import { DaysTable } from './DaysTable';
import { FitnessChart } from './FitnessChart';
import { FitnessStats } from './FitnessStats';
import { PredictionsCard } from './PredictionsCard';
import { RecordCard } from './RecordCard';
import { useNothingYet } from './useNothingYet';
import { daysInRange, firstDay, type Range, ranges, sinceFirstLoad, withForecast } from './ranges';

export function FitnessScreen() {
  const { t } = useTranslation();
  const format = useFormat();
  const [range, setRange] = useState<Range>('3m');
  const fitness = useQuery(fitnessQuery(firstDay(range, format.today())));
  const forecast = useQuery(forecastQuery());
  const latest = useQuery(latestActivityQuery());
  const nothingYet = useNothingYet();
  const hasActivities = (latest.data?.items.length ?? 0) > 0;
  return (
    <Screen
      title={t('fitness.title')}
      subtitle={t('fitness.subtitle')}
      onRefresh={() => void fitness.refetch()}
      refreshing={fitness.isRefetching}
    >
      <QueryState query={fitness} skeleton={{ count: 2, height: 240 }}>
        {(body) =>
          sinceFirstLoad(body.days).length > 0 || range !== '3m' ? (
            <Loaded fitness={body} forecast={forecast.data} range={range} onRange={setRange} />
          ) : (
            <EmptyState
              icon="fitness"
              title={t('fitness.emptyTitle')}
              action={
                !hasActivities ? (
                  <Button href="/activities" label={t('fitness.emptyAction')} />
                ) : nothingYet.needsThresholds ? (
                  <Button href="/thresholds" label={t('today.addThresholds')} />
                ) : undefined
              }
            >
              {hasActivities ? nothingYet.text : t('fitness.emptyBody')}
            </EmptyState>
          )
        }
      </QueryState>
    </Screen>
  );
}

function Loaded({
  fitness,
  forecast,
  range,
  onRange,
}: {
  fitness: Fitness;
  forecast: FitnessForecast | undefined;
  range: Range;
  onRange: (range: Range) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const [cursor, setCursor] = useState<number | null>(null);
  const [asTable, setAsTable] = useState(false);
  const past = useMemo(
    () => daysInRange(range === 'all' ? sinceFirstLoad(fitness.days) : fitness.days, range),
    [fitness.days, range],
  );
  const days = useMemo(() => withForecast(past, forecast), [past, forecast]);
  const goal = days.findIndex((day) => day.date === forecast?.race_date);
  const last = past.at(-1);
  const shown = (cursor === null ? undefined : days[cursor]) ?? last;
  if (last === undefined || shown === undefined) return null;
  return (
    <Columns
      main={
        <>
          <Card>
            <Row justify="space-between" gap="m" wrap>
              <SegmentedControl
                label={t('fitness.range')}
                value={range}
                onChange={(next) => {
                  onRange(next);
                  setCursor(null);
                }}
                options={ranges.map((value) => ({ value, label: t(`fitness.ranges.${value}`) }))}
              />
              <TableToggle asTable={asTable} onChange={setAsTable} />
            </Row>
            <Text variant="label" tone="textSecondary">
              {format.day(shown.date, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })}
            </Text>
            <FitnessStats days={past} day={shown} />
            {asTable ? (
              <DaysTable label={t('fitness.title')} days={days} />
            ) : (
              <FitnessChart
                days={days}
                forecastFrom={days.length > past.length ? past.length : null}
                goalIndex={goal < 0 ? null : goal}
                cursor={cursor}
                onCursor={setCursor}
              />
            )}
          </Card>
          <PredictionsCard race={forecast} />
          <RecordCard />
          <CurveCard />
        </>
      }
      aside={
        <>
          {fitness.warnings.map((warning) => (
            <Doubt key={warning.code} warning={warning} />
          ))}
          <Explanation fitness={fitness} />
        </>
      }
    />
  );
}

/** What makes the numbers less certain; in the server's words where its code is not known here. */
function Doubt({ warning: { code, message, values } }: { warning: Fitness['warnings'][number] }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const { count, day, mean_days, needed_days } = values;
  const isKnown = i18n.exists(`fitness.doubt.${code}`, { count: Number(count ?? 0) });
  const said = isKnown
    ? t(`fitness.doubt.${code}` as 'fitness.doubt.short_history', {
        count: Number(count ?? 0),
        day:
          typeof day === 'string'
            ? format.day(day, { day: 'numeric', month: 'long', year: 'numeric' })
            : undefined,
        mean: mean_days,
        needed: needed_days,
      })
    : message;
  return (
    <Banner tone="info" title={t('fitness.warning')}>
      <Text variant="caption" lang={isKnown ? undefined : 'en'}>
        {said}
      </Text>
    </Banner>
  );
}

function Explanation({ fitness }: { fitness: Fitness }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { ctl_days, atl_days } = fitness.time_constants;
  return (
    <Card title={t('fitness.explainTitle')}>
      <Term
        name={t('fitness.fitness')}
        text={t('fitness.explainFitness', { days: format.number(ctl_days) })}
      />
      <Term
        name={t('fitness.fatigue')}
        text={t('fitness.explainFatigue', { days: format.number(atl_days) })}
      />
      <Term name={t('fitness.form')} text={t('fitness.explainForm')} />
      <Text variant="caption" tone="textSecondary">
        {t('fitness.explainLimits')}
      </Text>
    </Card>
  );
}

function Term({ name, text }: { name: string; text: string }) {
  return (
    <Box gap="xxs">
      <Text variant="label" strong>
        {name}
      </Text>
      <Text variant="caption">{text}</Text>
    </Box>
  );
}
