import { ticks as niceTicks } from 'd3-array';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { View } from 'react-native';

import type { Threshold } from '@/api/types';
import { Box, Row, Table, Text } from '@/design';
import { gutter, LinePanel, useMeasuredWidth } from '@/design/charts';
import { size } from '@/design/tokens';
import { TableToggle } from '@/features/shell/TableToggle';
import { useFormat } from '@/i18n/useFormat';
import { dayDate } from '@/lib/time';

import { DATE, thresholdText } from './useThresholds';

type Estimate = Threshold['estimate_history'][number];

const MS_PER_DAY = 86_400_000;
const TICKS = 3;
const LEAST_STATES = 2;
const SMALLEST_SPAN = {
  ftp_w: 40,
  threshold_speed_m_s: 0.5,
  css_m_s: 0.15,
  lthr_bpm: 15,
  hr_max_bpm: 15,
  run_power_watch_w: 40,
  run_power_foot_pod_w: 40,
  run_power_app_w: 40,
} as const;

/** What the evidence said over the months, as a line or as a table with its range. */
export function EstimateChart({ threshold }: { threshold: Threshold }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [asTable, setAsTable] = useState(false);
  const states = threshold.estimate_history;
  if (states.length < LEAST_STATES) return null;
  const text = (value: number) => thresholdText(format, threshold.quantity, value);
  return (
    <Box gap="s">
      <Row justify="space-between" gap="m">
        <Text variant="label" level={3} shrink>
          {t('thresholds.course')}
        </Text>
        <TableToggle
          asTable={asTable}
          of={t(`thresholds.quantity.${threshold.quantity}`)}
          onChange={setAsTable}
        />
      </Row>
      {asTable ? (
        <Table
          label={`${t('thresholds.course')}: ${t(`thresholds.quantity.${threshold.quantity}`)}`}
          columns={[
            { id: 'day', title: t('field.day'), cell: (state: Estimate) => format.day(state.date, DATE) },
            { id: 'value', title: t('thresholds.value'), numeric: true, cell: (state) => text(state.value) },
            {
              id: 'range',
              title: t('thresholds.eightOfTen'),
              numeric: true,
              grow: 2,
              minWidth: 120,
              cell: (state) => t('prediction.between', { low: text(state.low), high: text(state.high) }),
            },
          ]}
          items={[...states].reverse()}
          keyOf={(state) => state.date}
        />
      ) : (
        <Line threshold={threshold} text={text} />
      )}
    </Box>
  );
}

/** Below so many days the months of the ticks would be the same. */
const SHORT_DAYS = 90;
const DAY = { day: 'numeric', month: 'short' } as const;
/** The whole year: of two digits it would read as a day. */
const MONTH = { month: 'short', year: 'numeric' } as const;

function Line({ threshold, text }: { threshold: Threshold; text: (value: number) => string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [width, onLayout] = useMeasuredWidth();
  const states = threshold.estimate_history;
  const axis = useMemo(() => states.map((state) => dayDate(state.date).getTime() / MS_PER_DAY), [states]);
  const values = useMemo(() => states.map((state) => state.value), [states]);
  const domain = useMemo((): [number, number] => [axis[0] ?? 0, axis.at(-1) ?? 1], [axis]);
  const baseTicks = useMemo(
    () =>
      [0.1, 0.5, 0.9].map((share) => {
        const at = Math.round(domain[0] + share * (domain[1] - domain[0]));
        const day = new Date(at * MS_PER_DAY).toISOString().slice(0, 10);
        return { value: at, label: format.day(day, domain[1] - domain[0] < SHORT_DAYS ? DAY : MONTH) };
      }),
    [domain, format],
  );
  const height = size.chartShort + gutter.bottom;
  const last = states.at(-1);
  return (
    <View
      onLayout={onLayout}
      style={{ height }}
      role="img"
      aria-label={t('thresholds.courseOf', {
        count: states.length,
        value: last === undefined ? '' : text(last.value),
      })}
    >
      {width > 0 ? (
        <LinePanel
          axis={axis}
          values={values}
          domain={domain}
          tone="fitness"
          width={width}
          height={height}
          smallestSpan={SMALLEST_SPAN[threshold.quantity]}
          format={(value) => text(value).split(' ')[0] ?? ''}
          ticksBetween={(low, high) => niceTicks(low, high, TICKS)}
          baseTicks={baseTicks}
          cursorIndex={null}
        />
      ) : null}
    </View>
  );
}
