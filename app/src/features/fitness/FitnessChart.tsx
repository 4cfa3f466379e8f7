import { scaleLinear } from 'd3-scale';
import { useTranslation } from 'react-i18next';
import { View } from 'react-native';

import type { FitnessDay } from '@/api/types';
import { Box, Row, Text, useLayout } from '@/design';
import { CursorSurface, FitnessDrawing, gutter, useMeasuredWidth } from '@/design/charts';
import { size } from '@/design/tokens';
import { useFormat } from '@/i18n/useFormat';

import { axisDays } from './ranges';

/** Fitness, fatigue, form and load over days, with what is forecast and the race they lead to. */
export function FitnessChart({
  days,
  forecastFrom,
  goalIndex,
  cursor,
  onCursor,
}: {
  days: readonly FitnessDay[];
  forecastFrom: number | null;
  goalIndex: number | null;
  cursor: number | null;
  onCursor: (index: number | null) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { isWide } = useLayout();
  const [width, onLayout] = useMeasuredWidth();
  const height = isWide ? size.chartTall * 1.6 : size.chartTall * 1.3;
  const inner = width - gutter.left - gutter.right;
  const baseTicks = axisDays(days, isWide ? 9 : 4).flatMap((index) => {
    const day = days[index];
    const options: Intl.DateTimeFormatOptions =
      days.length > 400
        ? { month: 'short', year: '2-digit' }
        : days.length > 100
          ? { month: 'short' }
          : { day: 'numeric', month: 'short' };
    return day === undefined ? [] : [{ index, label: format.day(day.date, options) }];
  });
  const at = cursor === null ? undefined : days[cursor];
  const words = (day: FitnessDay) =>
    t('fitness.at', {
      day: format.day(day.date, { day: 'numeric', month: 'long' }),
      fitness: format.number(day.ctl),
      fatigue: format.number(day.atl),
      form: format.signed(day.tsb_morning),
      load: format.number(day.load_au),
    });
  return (
    <Box gap="s">
      <View onLayout={onLayout} style={{ height }}>
        {width > 0 ? (
          <>
            <FitnessDrawing
              days={days}
              width={width}
              height={height}
              texts={{
                form: t('fitness.formMorning'),
                load: t('fitness.load'),
                forecast: t('fitness.forecast'),
              }}
              baseTicks={baseTicks}
              cursorIndex={cursor}
              forecastFrom={forecastFrom}
              goalIndex={goalIndex}
              format={(value) => format.number(value)}
            />
            <CursorSurface
              label={t('fitness.cursor')}
              valueText={at ? words(at) : t('fitness.cursorHint')}
              index={cursor}
              count={days.length}
              left={gutter.left}
              width={inner}
              height={height}
              onPosition={(x) => {
                if (x === null) return onCursor(null);
                const index = Math.round(scaleLinear([0, inner], [0, days.length - 1])(x));
                return onCursor(Math.min(days.length - 1, Math.max(0, index)));
              }}
              onIndex={onCursor}
            />
          </>
        ) : null}
      </View>
      <Row gap="l" wrap>
        <Legend tone="fitness" label={t('fitness.fitness')} />
        <Legend tone="fatigue" label={t('fitness.fatigueDashed')} />
        <Legend tone="formPositive" label={t('fitness.formFresh')} />
        <Legend tone="formNegative" label={t('fitness.formTired')} />
        <Legend tone="load" label={t('fitness.load')} />
        {forecastFrom === null ? null : <Legend tone="chartGrid" label={t('fitness.forecastLegend')} />}
        {goalIndex === null ? null : <Legend tone="accent" label={t('fitness.goal')} />}
      </Row>
    </Box>
  );
}

function Legend({
  tone,
  label,
}: {
  tone: 'fitness' | 'fatigue' | 'formPositive' | 'formNegative' | 'load' | 'chartGrid' | 'accent';
  label: string;
}) {
  return (
    <Row gap="xs">
      <Box background={tone} radius="s" width={size.swatch} height={size.swatch} />
      <Text variant="caption" tone="textSecondary">
        {label}
      </Text>
    </Row>
  );
}
