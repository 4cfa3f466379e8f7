import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { useTranslation } from 'react-i18next';
import { View } from 'react-native';
import Svg, { Path } from 'react-native-svg';

import { Box, Row, Text, useTheme } from '@/design';
import { gutter, useMeasuredWidth } from '@/design/charts';
import { size } from '@/design/tokens';
import { useFormat } from '@/i18n/useFormat';

type Day = { date: string; ctl: number };

const AXIS_LABELS = 4;

/** Fitness under both plans; the numbers stand in the table below. */
export function CompareChart({ before, after }: { before: readonly Day[]; after: readonly Day[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { color } = useTheme();
  const [width, onLayout] = useMeasuredWidth();
  const dates = before.length > after.length ? before : after;
  const values = [...before, ...after].map((day) => day.ctl);
  const height = size.workout * 2.5;
  const x = scaleLinear([0, Math.max(1, dates.length - 1)], [0, Math.max(1, width)]);
  const y = scaleLinear([Math.min(...values) * 0.9, Math.max(...values) * 1.05], [height - gutter.bottom, 4]);
  const path = (days: readonly Day[]) =>
    line<Day>()
      .x((_, index) => x(index))
      .y((day) => y(day.ctl))([...days]) ?? undefined;
  const shown = dates.filter((_, index) => index % Math.max(1, Math.floor(dates.length / AXIS_LABELS)) === 0);
  return (
    <Box gap="xs">
      <Row gap="m" wrap>
        <Text variant="label">{t('whatIf.fitness')}</Text>
        <Text variant="caption" tone="textSecondary">
          {t('whatIf.legend')}
        </Text>
      </Row>
      <View onLayout={onLayout} role="img" aria-label={t('whatIf.chart')}>
        {width > 0 ? (
          <Svg width={width} height={height}>
            <Path
              d={path(before)}
              fill="none"
              stroke={color.textSecondary}
              strokeWidth={2}
              strokeDasharray="4 4"
            />
            <Path d={path(after)} fill="none" stroke={color.accent} strokeWidth={2.5} />
          </Svg>
        ) : null}
      </View>
      <Row justify="space-between">
        {shown.slice(0, AXIS_LABELS).map((day) => (
          <Text key={day.date} variant="caption" tone="textSecondary">
            {format.day(day.date, { day: 'numeric', month: 'short' })}
          </Text>
        ))}
      </Row>
    </Box>
  );
}
