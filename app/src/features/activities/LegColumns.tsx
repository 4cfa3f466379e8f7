import { type ComponentProps, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { ActivityDetail, LegDetail } from '@/api/types';
import { Card, Columns, Skeleton, Text, useLayout } from '@/design';

import { ActivityMap } from './ActivityMap';
import { BestEfforts } from './BestEfforts';
import { LapsTable, LengthsTable, SetsTable } from './LegTables';
import { MetricsCard } from './MetricsCard';
import { StreamCharts } from './StreamCharts';

interface LegColumnsProps {
  activity: ActivityDetail;
  leg: LegDetail;
  streams: { data: ComponentProps<typeof StreamCharts>['streams'] | undefined; isPending: boolean };
  isOwn?: boolean;
  belowMap?: ReactNode;
  children: ReactNode;
}

/** A leg's curves, tables, map, numbers and notes, for its athlete and for a coach; one cursor runs through all. */
export function LegColumns({ activity, leg, streams, isOwn = true, belowMap, children }: LegColumnsProps) {
  const { t } = useTranslation();
  const { isWide } = useLayout();
  const [cursor, setCursor] = useState<number | null>(null);
  return (
    <Columns
      main={
        <>
          {streams.data ? (
            <StreamCharts
              streams={streams.data}
              sport={leg.sport}
              cursorIndex={cursor}
              onCursor={setCursor}
            />
          ) : leg.samples > 0 && streams.isPending ? (
            <Card title={t('activity.charts')}>
              <Skeleton height={300} />
            </Card>
          ) : null}
          {isWide ? <BestEfforts leg={leg} /> : null}
          <LapsTable leg={leg} />
          <LengthsTable leg={leg} />
          <SetsTable leg={leg} />
        </>
      }
      aside={
        <>
          {streams.data ? (
            <ActivityMap
              streams={streams.data}
              sport={leg.sport}
              distance_m={leg.distance_m ?? null}
              cursorIndex={cursor}
            />
          ) : null}
          {belowMap}
          {isWide ? null : <BestEfforts leg={leg} />}
          <MetricsCard leg={leg} isOwn={isOwn} />
          {activity.notes ? (
            <Card title={t('activity.notes')}>
              <Text>{activity.notes}</Text>
            </Card>
          ) : null}
          {children}
        </>
      }
    />
  );
}
