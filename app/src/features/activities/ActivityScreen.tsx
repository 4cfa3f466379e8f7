import { useQuery } from '@tanstack/react-query';
import { useLocalSearchParams } from 'expo-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { isNotFound } from '@/api/errors';
import { activityQuery, streamsQuery } from '@/api/queries';
import type { ActivityDetail, LegDetail } from '@/api/types';
import {
  Banner,
  Box,
  Button,
  Card,
  Columns,
  EmptyState,
  Screen,
  SegmentedControl,
  Select,
  Skeleton,
  Text,
  useLayout,
} from '@/design';
import { PlannedForIt } from '@/features/plan/PlannedForIt';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';
import { localDay } from '@/lib/time';

import { ActivityMap } from './ActivityMap';
import { BestEfforts } from './BestEfforts';
import { DeleteActivity } from './DeleteActivity';
import { EditActivity } from './EditActivity';
import { LapsTable, LegsTable, LengthsTable, SetsTable } from './LegTables';
import { MetricsCard } from './MetricsCard';
import { SourceCard } from './SourceCard';
import { StreamCharts } from './StreamCharts';
import { SummaryStats } from './SummaryStats';
import { useActivityTitle } from './words';

const POINTS = 1500;

export function ActivityScreen() {
  const { t } = useTranslation();
  const { id } = useLocalSearchParams<{ id: string }>();
  const activity = useQuery(activityQuery(id));
  const back = { href: '/activities', label: t('activities.title') } as const;
  if (activity.data !== undefined) return <Loaded activity={activity.data} />;
  return (
    <Screen title={t('activity.title')} back={back}>
      {isNotFound(activity.error) ? (
        <EmptyState icon="question" title={t('activity.goneTitle')}>
          {t('activity.goneBody')}
        </EmptyState>
      ) : (
        <QueryState query={activity} skeleton={{ count: 3, height: 180 }}>
          {() => null}
        </QueryState>
      )}
    </Screen>
  );
}

function Loaded({ activity }: { activity: ActivityDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const title = useActivityTitle()(activity);
  const [legIndex, setLegIndex] = useState(0);
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const leg = activity.legs[legIndex] ?? activity.legs[0];
  return (
    <Screen
      title={title}
      subtitle={`${activity.leg_count > 1 ? t('sport.multi') : t(`sport.${activity.sport}`)} · ${format.moment(activity)}`}
      back={{ href: '/activities', label: t('activities.title') }}
      actions={
        <>
          <Button
            label={t('activity.edit')}
            icon="edit"
            variant="secondary"
            onPress={() => setEditing(true)}
          />
          <Button
            label={t('activity.delete')}
            icon="trash"
            iconOnly
            variant="secondary"
            onPress={() => setDeleting(true)}
          />
        </>
      }
    >
      <EditActivity activity={activity} title={title} open={editing} onClose={() => setEditing(false)} />
      <DeleteActivity id={activity.id} title={title} open={deleting} onClose={() => setDeleting(false)} />
      {activity.salvaged ? (
        <Banner tone="warning" title={t('activity.salvagedTitle')}>
          {t('activity.salvagedBody')}
        </Banner>
      ) : null}
      <SummaryStats activity={activity} />
      {activity.legs.length > 1 ? (
        <>
          <LegsTable legs={activity.legs} />
          <LegPicker legs={activity.legs} index={legIndex} onChange={setLegIndex} />
        </>
      ) : null}
      {leg ? <LegBody key={legIndex} activity={activity} leg={leg} legIndex={legIndex} /> : null}
    </Screen>
  );
}

function LegPicker({
  legs,
  index,
  onChange,
}: {
  legs: readonly LegDetail[];
  index: number;
  onChange: (index: number) => void;
}) {
  const { t } = useTranslation();
  const { isWide } = useLayout();
  const choice = {
    label: t('activity.legs'),
    value: String(index),
    onChange: (value: string) => onChange(Number(value)),
    options: legs.map((leg, at) => ({ value: String(at), label: `${at + 1} ${t(`sport.${leg.sport}`)}` })),
  };
  return isWide ? <SegmentedControl {...choice} /> : <Select {...choice} hideLabel />;
}

function LegBody({
  activity,
  leg,
  legIndex,
}: {
  activity: ActivityDetail;
  leg: LegDetail;
  legIndex: number;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { isWide } = useLayout();
  const [cursor, setCursor] = useState<number | null>(null);
  const streams = useQuery({ ...streamsQuery(activity.id, legIndex, POINTS), enabled: leg.samples > 0 });
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
          {legIndex === 0 ? (
            <PlannedForIt activityId={activity.id} day={localDay(activity, format.zone)} />
          ) : null}
          {isWide ? null : <BestEfforts leg={leg} />}
          <MetricsCard leg={leg} />
          {activity.notes ? (
            <Card title={t('activity.notes')}>
              <Text>{activity.notes}</Text>
            </Card>
          ) : null}
          <SourceCard activity={activity} />
          {activity.warnings.length > 0 ? (
            <Card title={t('activity.warningsTitle')} caption={t('activity.warningsCaption')}>
              <Box gap="s" role="list">
                {activity.warnings.map((warning, index) => (
                  <Box key={index} role="listitem">
                    <Text variant="caption" lang="en">
                      {warning.message}
                    </Text>
                  </Box>
                ))}
              </Box>
            </Card>
          ) : null}
        </>
      }
    />
  );
}
