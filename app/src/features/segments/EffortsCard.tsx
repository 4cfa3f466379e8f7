import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { View } from 'react-native';

import { Box, Button, Card, type Column, Table, Text } from '@/design';
import { LinePanel, useMeasuredWidth } from '@/design/charts';
import { size } from '@/design/tokens';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';
import { showsPace } from '@/lib/units';

import { clockTicks } from './clockTicks';
import { effortsQuery, type Segment, type SegmentEffort } from './segmentQueries';

const LEAST_SPAN_S = 10;

/** Every effort of one's own: as a line over time, and as a table. */
export function EffortsCard({ segment }: { segment: Segment }) {
  const { t } = useTranslation();
  const efforts = useQuery(effortsQuery(segment.id));
  return (
    <Card title={t('segment.yourEfforts')} caption={t('segment.effortsCaption')}>
      <QueryState query={efforts} skeleton={{ count: 4, height: 44 }}>
        {({ items }) =>
          items.length === 0 ? (
            <Text tone="textSecondary">{t('segment.noEfforts')}</Text>
          ) : (
            <Box gap="m">
              {items.length > 1 ? <Times efforts={items} /> : null}
              <Efforts efforts={items} segment={segment} />
            </Box>
          )
        }
      </QueryState>
    </Card>
  );
}

function Times({ efforts }: { efforts: readonly SegmentEffort[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [width, onLayout] = useMeasuredWidth();
  const { axis, values } = useMemo(() => {
    const ordered = [...efforts].reverse();
    return {
      axis: ordered.map((one) => Date.parse(one.started_at)),
      values: ordered.map((one) => one.elapsed_s),
    };
  }, [efforts]);
  const [first = 0, last = 1] = [axis[0], axis.at(-1)];
  const [oldest, newest] = [efforts.at(-1), efforts[0]];
  const isOneDay = oldest?.day === newest?.day;
  const ends = (isOneDay ? [oldest] : [oldest, newest]).flatMap((one, index) =>
    one ? [{ value: axis.at(index - 1 === 0 ? -1 : 0) ?? 0, label: one.day }] : [],
  );
  const baseTicks = ends.map(({ value, label }) => ({
    value,
    label: format.day(label, { day: 'numeric', month: 'short', year: '2-digit' }),
  }));
  return (
    <View
      onLayout={onLayout}
      role="img"
      aria-label={t('segment.chart', { count: efforts.length })}
      style={{ height: size.chartTall }}
    >
      <LinePanel
        axis={axis}
        values={values}
        domain={[first, last]}
        tone="accent"
        width={width}
        height={size.chartTall}
        smallestSpan={LEAST_SPAN_S}
        format={format.clock}
        ticksBetween={clockTicks}
        baseTicks={baseTicks}
        cursorIndex={null}
      />
    </View>
  );
}

function Efforts({ efforts, segment }: { efforts: readonly SegmentEffort[]; segment: Segment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const has = (name: 'hr_mean_bpm' | 'power_mean_w' | 'ga_speed_m_s') =>
    efforts.some((one) => one[name] !== null && one[name] !== undefined);
  const columns: Column<SegmentEffort>[] = [
    {
      id: 'day',
      title: t('segment.day'),
      minWidth: 120,
      cell: (one) => (
        <Button
          href={`/activities/${one.activity_id}`}
          label={format.day(one.day, { day: 'numeric', month: 'short', year: 'numeric' })}
          variant="quiet"
          flush="start"
          small
        />
      ),
    },
    { id: 'time', title: t('segment.time'), numeric: true, cell: (one) => format.clock(one.elapsed_s) },
    { id: 'rank', title: t('segment.rank'), numeric: true, cell: (one) => format.number(one.rank) },
    {
      id: 'speed',
      title: t(showsPace(segment.sport) ? 'field.pace' : 'field.speed'),
      numeric: true,
      minWidth: 88,
      cell: (one) => format.speed(one.speed_mean_m_s, segment.sport)?.text ?? '–',
    },
    ...(has('ga_speed_m_s')
      ? [
          {
            id: 'flat',
            title: t('segment.onTheFlat'),
            numeric: true,
            minWidth: 88,
            cell: (one: SegmentEffort) => format.speed(one.ga_speed_m_s, segment.sport)?.text ?? '–',
          },
        ]
      : []),
    ...(has('hr_mean_bpm')
      ? [
          {
            id: 'hr',
            title: t('segment.heartRate'),
            numeric: true,
            cell: (one: SegmentEffort) => format.plain(one.hr_mean_bpm, 'bpm')?.text ?? '–',
          },
        ]
      : []),
    ...(has('power_mean_w')
      ? [
          {
            id: 'power',
            title: t('field.power'),
            numeric: true,
            cell: (one: SegmentEffort) => format.plain(one.power_mean_w, 'w')?.text ?? '–',
          },
        ]
      : []),
  ];
  return <Table label={t('segment.yourEfforts')} columns={columns} items={efforts} keyOf={(one) => one.id} />;
}
