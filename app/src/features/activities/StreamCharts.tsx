import { ticks as niceTicks } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { View } from 'react-native';

import type { ActivityStreams, Sport } from '@/api/types';
import { Box, Card, Row, SegmentedControl, Text, useLayout, useTheme } from '@/design';
import { CursorSurface, gutter, LinePanel, useMeasuredWidth } from '@/design/charts';
import { size } from '@/design/tokens';
import { TableToggle } from '@/features/shell/TableToggle';
import { type Format, useFormat } from '@/i18n/useFormat';
import { longestStep, nearestIndex } from '@/lib/series';

import { type BaseAxis, distanceAxis, isPaced, type Panel, panelsOf, timeTicks } from './streams';
import { StreamsTable } from './StreamsTable';
import { shown } from './streamText';
import { ticksFor } from './ticks';

const HEADER = 24;
const SHORTEST_PAUSE_S = 15;

/** Whole speeds carry no decimal on the axis. */
function tickText(panel: Panel, value: number, sport: Sport, format: Format): string {
  return (shown(panel, value, sport, format)?.value ?? '').replace(/[.,]0$/, '');
}

function useBaseTicks(axis: readonly number[], base: BaseAxis, sport: Sport) {
  const format = useFormat();
  const { isWide } = useLayout();
  const most = isWide ? 8 : 4;
  return useMemo(() => {
    const first = axis[0] ?? 0;
    const last = axis.at(-1) ?? 0;
    if (base === 'time') {
      return timeTicks(last - first, most).map((value) => ({
        value: value + first,
        label: format.clock(value),
      }));
    }
    const meters = format.distance(1, sport)?.unit === format.distance(1)?.unit ? 1000 : 1;
    const unitMeters = format.system === 'metric' ? meters : meters === 1 ? 0.9144 : 1609.344;
    return niceTicks(0, last / unitMeters, most).map((value) => ({
      value: value * unitMeters,
      label: format.number(value, value % 1 === 0 ? 0 : 1),
    }));
  }, [axis, base, sport, format, most]);
}

/** The streams of a leg under each other with one cursor through all of them. */
export function StreamCharts({
  streams,
  sport,
  cursorIndex,
  onCursor,
}: {
  streams: ActivityStreams;
  sport: Sport;
  cursorIndex: number | null;
  onCursor: (index: number | null) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { textScale } = useTheme();
  const [asTable, setAsTable] = useState(false);
  const [width, onLayout] = useMeasuredWidth();
  const distances = useMemo(() => distanceAxis(streams), [streams]);
  const [wanted, setBase] = useState<BaseAxis>('time');
  const base: BaseAxis = distances === null ? 'time' : wanted;
  const axis = base === 'distance' && distances !== null ? distances : streams.t_s;
  const panels = useMemo(() => panelsOf(streams), [streams]);
  // Kept between renders, so that moving the cursor draws no line anew.
  const drawn = useMemo(
    () =>
      panels.map((panel) => ({
        panel,
        format: (tick: number) => tickText(panel, tick, sport, format),
        ticksBetween: ticksFor(panel.id, sport, format.system),
      })),
    [panels, sport, format],
  );
  const longest = useMemo(
    () => (base === 'time' ? longestStep(streams.t_s, SHORTEST_PAUSE_S) : undefined),
    [base, streams],
  );
  const domain = useMemo((): [number, number] => [axis[0] ?? 0, axis.at(-1) ?? 1], [axis]);
  const baseTicks = useBaseTicks(axis, base, sport);
  if (panels.length === 0) return null;
  const panelName = (panel: Panel) =>
    t(`stream.${panel.id === 'speed' && isPaced(sport) ? 'pace' : panel.id}`);
  const toIndex = (x: number | null) => {
    if (x === null) return onCursor(null);
    const value = scaleLinear([0, Math.max(1, width - gutter.left - gutter.right)], domain)(x);
    return onCursor(nearestIndex(axis, value));
  };
  const where =
    cursorIndex === null
      ? null
      : base === 'time'
        ? format.clock((streams.t_s[cursorIndex] ?? 0) - (streams.t_s[0] ?? 0))
        : (format.distance(axis[cursorIndex] ?? 0, sport)?.text ?? '');
  const values = (index: number) =>
    panels
      .map((panel) => {
        const text = shown(panel, panel.values[index] ?? null, sport, format)?.text ?? t('state.missing');
        return `${panelName(panel)} ${text}`;
      })
      .join(', ');
  const chartHeight = (last: boolean) => size.chartShort + (last ? gutter.bottom : 0);
  const header = HEADER * textScale;
  const totalHeight = panels.reduce(
    (sum, _panel, index) => sum + header + chartHeight(index === panels.length - 1),
    0,
  );
  return (
    <Card
      title={t('activity.charts')}
      action={
        distances === null ? undefined : (
          <SegmentedControl
            label={t('activity.axis')}
            value={base}
            onChange={setBase}
            options={[
              { value: 'time', label: t('field.time') },
              { value: 'distance', label: t('field.distance') },
            ]}
          />
        )
      }
    >
      <Row justify="space-between" gap="m">
        <Text variant="caption" tone="textSecondary" shrink>
          {asTable
            ? t('activity.tableHint')
            : where === null
              ? t('activity.cursorHint')
              : t('activity.cursorAt', { where })}
        </Text>
        <TableToggle asTable={asTable} of={t('activity.charts')} onChange={setAsTable} />
      </Row>
      {asTable ? (
        <StreamsTable
          streams={streams}
          distances={distances}
          panels={panels}
          sport={sport}
          nameOf={panelName}
        />
      ) : (
        <View onLayout={onLayout}>
          {drawn.map(({ panel, format: formatTick, ticksBetween }, index) => {
            const last = index === panels.length - 1;
            const value =
              cursorIndex === null ? null : shown(panel, panel.values[cursorIndex] ?? null, sport, format);
            return (
              <Box key={panel.id}>
                <Row gap="s" style={{ height: header }}>
                  <Box background={panel.tone} radius="s" width={size.dot} height={size.dot} />
                  <Text variant="label" tone="textSecondary">
                    {panelName(panel)}
                  </Text>
                  <Text variant="label" tabular>
                    {value?.text ?? ''}
                  </Text>
                </Row>
                <LinePanel
                  axis={axis}
                  values={panel.values}
                  domain={domain}
                  tone={panel.tone}
                  width={width}
                  height={chartHeight(last)}
                  filled={panel.filled}
                  smallestSpan={panel.smallestSpan}
                  floor={panel.floor}
                  limits={panel.limits}
                  format={formatTick}
                  ticksBetween={ticksBetween}
                  longestStep={longest}
                  baseTicks={last ? baseTicks : undefined}
                  cursorIndex={cursorIndex}
                />
              </Box>
            );
          })}
          {width > 0 ? (
            <CursorSurface
              label={t('activity.cursor')}
              valueText={cursorIndex === null ? t('activity.cursorHint') : `${where}: ${values(cursorIndex)}`}
              index={cursorIndex}
              count={streams.t_s.length}
              left={gutter.left}
              width={width - gutter.left - gutter.right}
              height={totalHeight}
              onPosition={toIndex}
              onIndex={onCursor}
            />
          ) : null}
        </View>
      )}
    </Card>
  );
}
