import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { View } from 'react-native';

import { curveQuery } from '@/api/queries';
import type { Curve, CurveBest } from '@/api/types';
import { Box, Card, Row, SegmentedControl, Table, Text } from '@/design';
import { CurveDrawing, useMeasuredWidth } from '@/design/charts';
import { size } from '@/design/tokens';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';
import { addDays } from '@/lib/time';

import { modelled, named, thinned } from './curve';

const sports = ['cycling', 'running'] as const;
const spans = ['6w', '3m', '1y', 'all'] as const;
const SPAN_DAYS = { '6w': 42, '3m': 92, '1y': 365, all: null } as const;
const MOST_POINTS = 60;

/** Best power or pace over every duration, the day of each, and the model they hold. */
export function CurveCard() {
  const { t } = useTranslation();
  const format = useFormat();
  const [sport, setSport] = useState<(typeof sports)[number]>('cycling');
  const [span, setSpan] = useState<(typeof spans)[number]>('1y');
  const days = SPAN_DAYS[span];
  const curve = useQuery(curveQuery(sport, days === null ? null : addDays(format.today(), 1 - days)));
  return (
    <Card title={t('curve.title')} caption={t('curve.caption')}>
      <Row gap="m" wrap>
        <SegmentedControl
          label={t('curve.kind')}
          value={sport}
          onChange={setSport}
          options={sports.map((value) => ({ value, label: t(`curve.kinds.${value}`) }))}
        />
        <SegmentedControl
          label={t('curve.range')}
          value={span}
          onChange={setSpan}
          options={spans.map((value) => ({ value, label: t(`fitness.ranges.${value}`) }))}
        />
      </Row>
      <QueryState query={curve} skeleton={{ count: 1, height: 240 }}>
        {(body) =>
          body.points.length < 2 ? (
            <Text tone="textSecondary">{t('curve.empty')}</Text>
          ) : (
            <Loaded curve={body} />
          )
        }
      </QueryState>
    </Card>
  );
}

function Loaded({ curve }: { curve: Curve }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [width, onLayout] = useMeasuredWidth();
  const isPower = curve.metric === 'power';
  const value = (amount: number | null) =>
    (isPower ? format.plain(amount, 'w') : format.speed(amount, curve.sport))?.text ?? '–';
  const short = (seconds: number) =>
    seconds < 60
      ? t('duration.s', { value: seconds })
      : seconds < 3600
        ? t('duration.min', { value: format.number(seconds / 60, seconds % 60 === 0 ? 0 : 1) })
        : t('duration.h', { value: format.number(seconds / 3600, seconds % 3600 === 0 ? 0 : 1) });
  const drawn = thinned(curve.points, MOST_POINTS);
  const model = drawn.flatMap(({ duration_s }) => {
    const at = modelled(curve, duration_s);
    return at === null ? [] : [{ duration_s, value: at }];
  });
  return (
    <Box gap="m">
      <View onLayout={onLayout}>
        <CurveDrawing
          points={drawn}
          model={model}
          width={width}
          height={size.chartTall}
          tone={isPower ? 'power' : 'fitness'}
          formatValue={(tick) => (isPower ? format.number(tick) : value(tick))}
          formatDuration={short}
        />
      </View>
      <Text variant="caption" tone="textSecondary">
        {curve.model === null
          ? t('curve.noModel')
          : t(isPower ? 'curve.modelPower' : 'curve.modelSpeed', {
              critical: value(curve.model.critical),
              low: value(curve.model.low),
              high: value(curve.model.high),
              reserve: format.number(
                isPower ? curve.model.reserve / 1000 : curve.model.reserve,
                isPower ? 1 : 0,
              ),
            })}
      </Text>
      <Table
        label={t('curve.title')}
        columns={[
          { id: 'duration', title: t('best.duration'), cell: (point: CurveBest) => short(point.duration_s) },
          {
            id: 'value',
            title: t(isPower ? 'field.power' : 'field.paceOrSpeed'),
            numeric: true,
            cell: (point) => value(point.value),
          },
          {
            id: 'model',
            title: t('curve.model'),
            numeric: true,
            cell: (point) => value(modelled(curve, point.duration_s)),
          },
          {
            id: 'day',
            title: t('field.day'),
            numeric: true,
            minWidth: 116,
            cell: (point) => format.day(point.date, { day: 'numeric', month: 'short', year: 'numeric' }),
          },
        ]}
        items={named(curve.points)}
        keyOf={(point) => String(point.duration_s)}
      />
    </Box>
  );
}
