import { useQuery } from '@tanstack/react-query';
import { useLocalSearchParams } from 'expo-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { isNotFound } from '@/api/errors';
import type { ActivityDetail, LegDetail } from '@/api/types';
import { Box, Card, EmptyState, Screen, Text } from '@/design';
import { LegColumns } from '@/features/activities/LegColumns';
import { LegPicker } from '@/features/activities/LegPicker';
import { LegsTable } from '@/features/activities/LegTables';
import { SummaryStats } from '@/features/activities/SummaryStats';
import { useActivityTitle } from '@/features/activities/words';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';

import { coachedActivityQuery, coachedAthleteQuery, coachedStreamsQuery } from './coachingQueries';

const POINTS = 1500;

/** An athlete's activity as their coach sees it: no files, no hidden places, notes only where they are shared. */
export function CoachedActivityScreen() {
  const { t } = useTranslation();
  const { id, activity: activityId } = useLocalSearchParams<{ id: string; activity: string }>();
  const athlete = useQuery(coachedAthleteQuery(id));
  const activity = useQuery(coachedActivityQuery(id, activityId));
  const name = athlete.data?.name ?? t('coaching.athlete.title');
  if (activity.data !== undefined) return <Loaded athleteId={id} name={name} activity={activity.data} />;
  return (
    <Screen title={t('activity.title')} back={{ href: `/coaching/${id}`, label: name }}>
      {isNotFound(activity.error) ? (
        <EmptyState icon="question" title={t('coaching.activity.goneTitle')}>
          {t('coaching.activity.goneBody')}
        </EmptyState>
      ) : (
        <QueryState query={activity} skeleton={{ count: 3, height: 180 }}>
          {() => null}
        </QueryState>
      )}
    </Screen>
  );
}

function Loaded({
  athleteId,
  name,
  activity,
}: {
  athleteId: string;
  name: string;
  activity: ActivityDetail;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const title = useActivityTitle()(activity);
  const [legIndex, setLegIndex] = useState(0);
  const leg = activity.legs[legIndex] ?? activity.legs[0];
  const sport = activity.leg_count > 1 ? t('sport.multi') : t(`sport.${activity.sport}`);
  return (
    <Screen
      title={title}
      subtitle={`${name} · ${sport} · ${format.moment(activity)}`}
      back={{ href: `/coaching/${athleteId}`, label: name }}
    >
      <SummaryStats activity={activity} />
      {activity.legs.length > 1 ? (
        <>
          <LegsTable legs={activity.legs} />
          <LegPicker legs={activity.legs} index={legIndex} onChange={setLegIndex} />
        </>
      ) : null}
      {leg ? (
        <LegBody key={legIndex} athleteId={athleteId} activity={activity} leg={leg} legIndex={legIndex} />
      ) : null}
    </Screen>
  );
}

function LegBody({
  athleteId,
  activity,
  leg,
  legIndex,
}: {
  athleteId: string;
  activity: ActivityDetail;
  leg: LegDetail;
  legIndex: number;
}) {
  const { t } = useTranslation();
  const streams = useQuery({
    ...coachedStreamsQuery(athleteId, activity.id, legIndex, POINTS),
    enabled: leg.samples > 0,
  });
  return (
    <LegColumns activity={activity} leg={leg} streams={streams} isOwn={false}>
      <Card title={t('coaching.activity.limits')}>
        <Box gap="xs" role="list">
          {(['zones', 'files', 'notes'] as const).map((part) => (
            <Text key={part} variant="caption" role="listitem">
              {t(`coaching.activity.limit.${part}`)}
            </Text>
          ))}
        </Box>
      </Card>
    </LegColumns>
  );
}
