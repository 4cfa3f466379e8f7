import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ticks as niceTicks } from 'd3-array';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { View } from 'react-native';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { WellnessPriority } from '@/api/types';
import { Banner, Box, Card, Row, Select, Stat, Table, Text } from '@/design';
import { gutter, LinePanel, useMeasuredWidth } from '@/design/charts';
import { type ColorName, size } from '@/design/tokens';
import { TableToggle } from '@/features/shell/TableToggle';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';
import { dayDate, daysBetween } from '@/lib/time';

import { hoursText } from './entry';
import { type Charted, type Point, sourceName, weekMean } from './series';

const LONGEST_GAP_DAYS = 14;
const MS_PER_DAY = 86_400_000;
const TICKS = 3;
const TABLE_ROWS = 60;

const looks: Record<Charted, { tone: ColorName; smallestSpan: number; floor?: number }> = {
  body_mass_kg: { tone: 'fitness', smallestSpan: 4 },
  sleep_s: { tone: 'fitness', smallestSpan: 4 * 3600, floor: 0 },
  hrv_rmssd_ms: { tone: 'formPositive', smallestSpan: 30, floor: 0 },
  hrv_sdnn_ms: { tone: 'formPositive', smallestSpan: 30, floor: 0 },
  resting_hr_bpm: { tone: 'fatigue', smallestSpan: 12 },
};

function useShown(metric: Charted) {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo(
    () =>
      (value: number, digits = metric === 'body_mass_kg' ? 1 : 0) => {
        switch (metric) {
          case 'body_mass_kg':
            return format.mass(value) ?? { value: '', unit: '', text: '' };
          case 'sleep_s':
            return {
              value: hoursText(value),
              unit: t('unit.h'),
              text: `${hoursText(value)} ${t('unit.h')}`,
            };
          case 'resting_hr_bpm':
            return format.plain(value, 'bpm', digits) ?? { value: '', unit: '', text: '' };
          default:
            return format.plain(value, 'ms', digits) ?? { value: '', unit: '', text: '' };
        }
      },
    [metric, format, t],
  );
}

/** One metric: the latest value with its day and source, the mean of a week, the line, and which source counts. */
export function MetricCard({
  metric,
  points,
  first,
  last,
  priority,
}: {
  metric: Charted;
  points: readonly Point[];
  first: string;
  last: string;
  priority: WellnessPriority | undefined;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const shown = useShown(metric);
  const [asTable, setAsTable] = useState(false);
  const latest = points.at(-1);
  const mean = weekMean(points);
  if (latest === undefined) return null;
  const now = shown(latest.value.value);
  const day = format.day(latest.day, { weekday: 'short', day: 'numeric', month: 'short' });
  const source = sourceName(latest.value.source, t('wellness.typed'));
  return (
    <Card
      title={t(`wellness.metric.${metric}`)}
      caption={t('wellness.latest', { day, source })}
      action={<TableToggle asTable={asTable} of={t(`wellness.metric.${metric}`)} onChange={setAsTable} />}
    >
      <Row gap="l" wrap>
        <Stat label={t('wellness.last')} value={now.value} unit={now.unit} />
        <Stat
          label={t('wellness.weekMean')}
          value={mean === null ? null : shown(mean).value}
          unit={now.unit}
          missingLabel={t('state.missing')}
        />
      </Row>
      {asTable ? (
        <Values metric={metric} points={points} />
      ) : (
        <Line metric={metric} points={points} first={first} last={last} />
      )}
      {priority !== undefined && priority.sources.length > 1 ? (
        <SourceChoice metric={metric} priority={priority} />
      ) : null}
    </Card>
  );
}

/** The values behind the line, the latest first. */
function Values({ metric, points }: { metric: Charted; points: readonly Point[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shown = useShown(metric);
  return (
    <Table
      label={t(`wellness.metric.${metric}`)}
      columns={[
        {
          id: 'day',
          title: t('field.day'),
          minWidth: 96,
          cell: (point: Point) => format.day(point.day, { weekday: 'short', day: 'numeric', month: 'short' }),
        },
        {
          id: 'value',
          title: t(`wellness.metric.${metric}`),
          numeric: true,
          minWidth: 96,
          cell: (point) => shown(point.value.value).text,
        },
        {
          id: 'source',
          title: t('wellness.source'),
          numeric: true,
          minWidth: 96,
          cell: (point) => sourceName(point.value.source, t('wellness.typedSource')),
        },
      ]}
      items={[...points].reverse().slice(0, TABLE_ROWS)}
      keyOf={(point) => point.day}
    />
  );
}

function Line({
  metric,
  points,
  first,
  last,
}: {
  metric: Charted;
  points: readonly Point[];
  first: string;
  last: string;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const shown = useShown(metric);
  const [width, onLayout] = useMeasuredWidth();
  const look = looks[metric];
  const axis = useMemo(() => points.map((point) => point.at), [points]);
  const values = useMemo(() => points.map((point) => point.value.value), [points]);
  const domain = useMemo(
    (): [number, number] => [dayDate(first).getTime() / MS_PER_DAY, dayDate(last).getTime() / MS_PER_DAY],
    [first, last],
  );
  const baseTicks = useMemo(() => {
    const length = daysBetween(first, last);
    const options: Intl.DateTimeFormatOptions =
      length > 100 ? { month: 'short' } : { day: 'numeric', month: 'short' };
    return [0.1, 0.5, 0.9].map((share) => {
      const at = Math.round(domain[0] + share * length);
      return { value: at, label: format.day(new Date(at * MS_PER_DAY).toISOString().slice(0, 10), options) };
    });
  }, [first, last, domain, format]);
  const height = size.chartShort + gutter.bottom;
  return (
    <View
      onLayout={onLayout}
      style={{ height }}
      role="img"
      aria-label={t('wellness.line', { count: points.length })}
    >
      {width > 0 ? (
        <LinePanel
          axis={axis}
          values={values}
          domain={domain}
          tone={look.tone}
          width={width}
          height={height}
          smallestSpan={look.smallestSpan}
          floor={look.floor}
          format={(value) => shown(value, 0).value}
          ticksBetween={(low, high) =>
            metric === 'sleep_s'
              ? niceTicks(low / 3600, high / 3600, TICKS).map((hours) => hours * 3600)
              : niceTicks(low, high, TICKS)
          }
          longestStep={LONGEST_GAP_DAYS}
          baseTicks={baseTicks}
          cursorIndex={null}
        />
      ) : null}
    </View>
  );
}

/** The source that counts first; the others follow in their order. */
function SourceChoice({ metric, priority }: { metric: Charted; priority: WellnessPriority }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const errorText = useErrorText();
  const sources = priority.sources.map((one) => one.source);
  const change = useMutation({
    mutationFn: (source: string) =>
      answer(
        api().PUT('/api/v1/wellness/priorities/{metric}', {
          params: { path: { metric } },
          body: { sources: [source, ...sources.filter((one) => one !== source)] },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.wellness }),
  });
  return (
    <Box gap="s">
      {change.error ? <Banner tone="danger" urgent title={errorText(change.error).message} /> : null}
      <Select
        label={t('wellness.firstSource')}
        value={sources[0] ?? ''}
        onChange={(source) => change.mutate(source)}
        options={priority.sources.map((one) => ({
          value: one.source,
          label: t('wellness.sourceDays', {
            source: sourceName(one.source, t('wellness.typedSource')),
            count: one.days,
          }),
        }))}
      />
      <Text variant="caption" tone="textSecondary">
        {t('wellness.firstSourceHint')}
      </Text>
    </Box>
  );
}
