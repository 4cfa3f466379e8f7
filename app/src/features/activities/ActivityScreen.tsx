import { useQuery } from '@tanstack/react-query';
import { useLocalSearchParams } from 'expo-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { isNotFound } from '@/api/errors';
import { activityQuery, streamsQuery } from '@/api/queries';
import type { ActivityDetail, LegDetail } from '@/api/types';
import { Banner, Button, EmptyState, Screen } from '@/design';
import { PlannedForIt } from '@/features/plan/PlannedForIt';
import { PassedSegments } from '@/features/segments/PassedSegments';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';
import { localDay } from '@/lib/time';

import { DataNotesCard } from './DataNotesCard';
import { DeleteActivity } from './DeleteActivity';
import { EditActivity } from './EditActivity';
import { LegColumns } from './LegColumns';
import { LegPicker } from './LegPicker';
import { LegsTable } from './LegTables';
import { SourceCard } from './SourceCard';
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
        <EmptyState
          icon="question"
          title={t('activity.goneTitle')}
          action={<Button href="/activities" label={t('activity.toAll')} />}
        >
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
            label={t('community.share')}
            icon="share"
            variant="secondary"
            href={`/community/share?activity=${activity.id}`}
          />
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
  const streams = useQuery({ ...streamsQuery(activity.id, legIndex, POINTS), enabled: leg.samples > 0 });
  return (
    <LegColumns
      activity={activity}
      leg={leg}
      streams={streams}
      belowMap={
        <>
          <PassedSegments
            activityId={activity.id}
            leg={legIndex}
            hasRoute={Boolean(streams.data?.channels.latitude_deg)}
          />
          {legIndex === 0 ? (
            <PlannedForIt
              activityId={activity.id}
              day={localDay(activity, format.zone)}
              sport={activity.sport}
            />
          ) : null}
        </>
      }
    >
      <Button
        href={`/activities/compare?first=${activity.id}`}
        label={t('compareActivities.open')}
        icon="fitness"
        variant="secondary"
      />
      <SourceCard activity={activity} />
      <DataNotesCard activity={activity} leg={leg} />
    </LegColumns>
  );
}
