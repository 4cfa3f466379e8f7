import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { View } from 'react-native';

import type { ActivityStreams, Sport } from '@/api/types';
import { Box, Card, Row, SegmentedControl, Table, Text } from '@/design';
import { useMeasuredWidth } from '@/design/charts';
import { size } from '@/design/tokens';
import { TableToggle } from '@/features/shell/TableToggle';
import { useFormat } from '@/i18n/useFormat';

import { bothMeasureDistance, paired, type PairedPanel } from './compare';
import { ComparePanel } from './ComparePanel';
import { type BaseAxis, isPaced } from './streams';
import { shown } from './streamText';

const PLACES = 301;
const TABLE_STEP = 30;

/** What both recorded, one over the other, by time or by distance, with the numbers behind it. */
export function CompareCharts({
  first,
  second,
  sport,
  names,
}: {
  first: ActivityStreams;
  second: ActivityStreams;
  sport: Sport;
  names: readonly [string, string];
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const [width, onLayout] = useMeasuredWidth();
  const [base, setBase] = useState<BaseAxis>('time');
  const [asTable, setAsTable] = useState(false);
  const hasDistance = bothMeasureDistance(first, second);
  const drawn = useMemo(() => paired(first, second, base, PLACES), [first, second, base]);
  const panelName = (panel: PairedPanel) =>
    t(`stream.${panel.id === 'speed' && isPaced(sport) ? 'pace' : panel.id}`);
  const place = (at: number) =>
    base === 'time' ? format.clock(at) : (format.distance(at, sport)?.text ?? '');
  if (drawn.panels.length === 0) {
    return (
      <Card title={t('compareActivities.charts')}>
        <Text tone="textSecondary">{t('compareActivities.nothingShared')}</Text>
      </Card>
    );
  }
  const rows = drawn.axis.map((at, index) => ({ at, index })).filter(({ index }) => index % TABLE_STEP === 0);
  return (
    <Card
      title={t('compareActivities.charts')}
      action={<TableToggle asTable={asTable} onChange={setAsTable} />}
    >
      {hasDistance ? (
        <SegmentedControl
          label={t('activity.axis')}
          value={base}
          onChange={setBase}
          options={[
            { value: 'time', label: t('field.time') },
            { value: 'distance', label: t('field.distance') },
          ]}
        />
      ) : null}
      <Text variant="caption" tone="textSecondary">
        {t('compareActivities.legend', { first: names[0], second: names[1] })}
      </Text>
      <View onLayout={onLayout}>
        <Box gap="m">
          {drawn.panels.map((panel) => (
            <Box key={panel.id} gap="xs">
              <Text variant="label">{panelName(panel)}</Text>
              {asTable ? (
                <Table
                  label={panelName(panel)}
                  items={rows}
                  keyOf={({ index }) => String(index)}
                  columns={[
                    {
                      id: 'at',
                      title: t(base === 'time' ? 'field.time' : 'field.distance'),
                      cell: ({ at }) => place(at),
                    },
                    ...(['first', 'second'] as const).map((side, column) => ({
                      id: side,
                      title: names[column] ?? '',
                      numeric: true,
                      cell: ({ index }: { index: number }) =>
                        shown(panel, panel[side][index] ?? null, sport, format)?.text ?? t('state.missing'),
                    })),
                  ]}
                />
              ) : (
                <View
                  role="img"
                  aria-label={t('compareActivities.chart', {
                    what: panelName(panel),
                    first: names[0],
                    second: names[1],
                  })}
                >
                  {width > 0 ? (
                    <ComparePanel axis={drawn.axis} panel={panel} width={width} height={size.chartShort} />
                  ) : null}
                </View>
              )}
            </Box>
          ))}
          {asTable ? null : (
            <Row justify="space-between">
              {[0, 0.5, 1].map((share) => (
                <Text key={share} variant="caption" tone="textSecondary" tabular>
                  {place((drawn.axis.at(-1) ?? 0) * share)}
                </Text>
              ))}
            </Row>
          )}
        </Box>
      </View>
    </Card>
  );
}
