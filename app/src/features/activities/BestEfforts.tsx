import { useTranslation } from 'react-i18next';
import { View } from 'react-native';

import type { LegDetail } from '@/api/types';
import { Card, Grid, Table } from '@/design';
import { CurveDrawing, type CurvePoint, useMeasuredWidth } from '@/design/charts';
import { size } from '@/design/tokens';
import { useFormat } from '@/i18n/useFormat';

import { effortsOf } from './legParts';

/** Durations people know, out of all that were computed. */
const NAMED_S = [1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 5400, 7200, 10_800];

/** The hardest stretches: power where it was measured, speed otherwise. */
export function BestEfforts({ leg }: { leg: LegDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [width, onLayout] = useMeasuredWidth();
  const power = effortsOf(leg.best_power_w);
  const isPower = power.length > 1;
  const efforts = isPower ? power : effortsOf(leg.best_speed_m_s);
  if (efforts.length < 2) return null;
  const named = efforts.filter((point) => NAMED_S.includes(point.duration_s));
  const value = (point: CurvePoint) =>
    (isPower ? format.plain(point.value, 'w') : format.speed(point.value, leg.sport))?.text ?? '–';
  const short = (seconds: number) =>
    seconds < 60
      ? t('duration.s', { value: seconds })
      : seconds < 3600
        ? t('duration.min', { value: format.number(seconds / 60, seconds % 60 === 0 ? 0 : 1) })
        : t('duration.h', { value: format.number(seconds / 3600, seconds % 3600 === 0 ? 0 : 1) });
  return (
    <Card title={t(isPower ? 'best.power' : 'best.speed')} caption={t('best.caption')}>
      <Grid minWidth={260}>
        {isPower ? (
          <View onLayout={onLayout}>
            <CurveDrawing
              points={efforts}
              width={width}
              height={size.chartTall}
              tone="power"
              formatValue={(tick) => format.number(tick)}
              formatDuration={short}
            />
          </View>
        ) : null}
        <Table
          label={t(isPower ? 'best.power' : 'best.speed')}
          columns={[
            {
              id: 'duration',
              title: t('best.duration'),
              cell: (point: CurvePoint) => short(point.duration_s),
            },
            {
              id: 'value',
              title: t(isPower ? 'field.power' : 'field.paceOrSpeed'),
              numeric: true,
              cell: value,
            },
          ]}
          items={named.length > 1 ? named : efforts}
          keyOf={(point) => String(point.duration_s)}
        />
      </Grid>
    </Card>
  );
}
