import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useLocalSearchParams } from 'expo-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { ActivitySummary, FitnessDay, Plan } from '@/api/types';
import { Box, Card, Columns, Grid, ListRow, Row, Screen, Text } from '@/design';
import { useActivityTitle } from '@/features/activities/words';
import { DaysTable } from '@/features/fitness/DaysTable';
import { FitnessChart } from '@/features/fitness/FitnessChart';
import { sinceFirstLoad } from '@/features/fitness/ranges';
import { MoreButton } from '@/features/shell/MoreButton';
import { QueryState } from '@/features/shell/QueryState';
import { TableToggle } from '@/features/shell/TableToggle';
import { useFormat } from '@/i18n/useFormat';
import { addDays } from '@/lib/time';

import { AthleteStatus } from './AthleteStatus';
import {
  type CoachedAthlete,
  coachedActivitiesQuery,
  coachedAthleteQuery,
  coachedFitnessQuery,
  coachedPlanQuery,
  DAYS_OF_FITNESS,
} from './coachingQueries';
import { AthleteGroups } from './GroupsCard';
import { SuggestCard } from './SuggestCard';

const DAY = { weekday: 'short', day: 'numeric', month: 'short' } as const;
const DAYS_AHEAD = 14;
const ROW = 320;

/** One athlete as their coach sees them: exactly what is shared, and nothing where nothing is. */
export function CoachedAthleteScreen() {
  const { t } = useTranslation();
  const { id } = useLocalSearchParams<{ id: string }>();
  const athlete = useQuery(coachedAthleteQuery(id));
  return (
    <Screen
      title={athlete.data?.name ?? t('coaching.athlete.title')}
      subtitle={t('coaching.athlete.subtitle')}
      back={{ href: '/coaching', label: t('coaching.athletes.title') }}
    >
      <QueryState query={athlete} skeleton={{ count: 3, height: 160 }}>
        {(found) => <Shared athlete={found} />}
      </QueryState>
    </Screen>
  );
}

function Shared({ athlete }: { athlete: CoachedAthlete }) {
  const { t } = useTranslation();
  const has = (scope: CoachedAthlete['scopes'][number]) => athlete.scopes.includes(scope);
  return (
    <>
      <Columns
        main={
          <>
            <Card title={t('coaching.athlete.now')}>
              <AthleteStatus status={athlete.status} />
            </Card>
            {has('activities') ? <FitnessCard id={athlete.athlete_id} /> : null}
          </>
        }
        aside={
          <>
            {has('plan') ? <PlanCard id={athlete.athlete_id} maySuggest={has('plan_proposals')} /> : null}
            <Card title={t('coaching.athlete.shares')} folds>
              <Box gap="xs" role="list">
                {athlete.scopes.map((scope) => (
                  <Text key={scope} role="listitem">
                    {t(`coaching.scope.${scope}`)}
                  </Text>
                ))}
              </Box>
            </Card>
            <AthleteGroups athlete={athlete} />
          </>
        }
      />
      {has('activities') ? <Activities id={athlete.athlete_id} /> : null}
    </>
  );
}

function FitnessCard({ id }: { id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const fitness = useQuery(coachedFitnessQuery(id, addDays(format.today(), 1 - DAYS_OF_FITNESS)));
  return (
    <Card title={t('coaching.athlete.fitness')}>
      <QueryState query={fitness} skeleton={{ count: 1, height: 240 }}>
        {({ days }) => <FitnessDays days={days} />}
      </QueryState>
    </Card>
  );
}

/** From the first training of these days on: what lies before is nothing to look at. */
function FitnessDays({ days }: { days: readonly FitnessDay[] }) {
  const { t } = useTranslation();
  const [cursor, setCursor] = useState<number | null>(null);
  const [asTable, setAsTable] = useState(false);
  const shown = useMemo(() => sinceFirstLoad(days), [days]);
  if (shown.length === 0) return <Text tone="textSecondary">{t('coaching.athlete.noFitness')}</Text>;
  return (
    <>
      {asTable ? (
        <DaysTable label={t('fitness.title')} days={shown} />
      ) : (
        <FitnessChart
          days={shown}
          forecastFrom={null}
          goalIndex={null}
          cursor={cursor}
          onCursor={setCursor}
        />
      )}
      <Row justify="flex-end">
        <TableToggle asTable={asTable} of={t('fitness.title')} onChange={setAsTable} />
      </Row>
    </>
  );
}

function Activities({ id }: { id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const titleOf = useActivityTitle();
  const figures = (one: ActivitySummary) =>
    [
      format.clock(one.moving_s ?? one.timer_s),
      one.distance_m ? format.distance(one.distance_m, one.sport)?.text : undefined,
      one.load_au === null ? undefined : t('coaching.athlete.load', { load: format.number(one.load_au) }),
    ]
      .filter((part) => part !== undefined)
      .join(' · ');
  const activities = useInfiniteQuery(coachedActivitiesQuery(id));
  return (
    <Card title={t('coaching.athlete.activities')}>
      <QueryState query={activities} skeleton={{ count: 4, height: 48 }}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return <Text tone="textSecondary">{t('coaching.athlete.noActivities')}</Text>;
          return (
            <Box gap="m">
              <Box role="list">
                <Grid minWidth={ROW} gap="s">
                  {items.map((one) => (
                    <Box key={one.id} role="listitem">
                      <ListRow href={`/coaching/${id}/activities/${one.id}`}>
                        <Text variant="bodyStrong" numberOfLines={1}>
                          {titleOf(one)}
                        </Text>
                        <Text variant="caption" tone="textSecondary">
                          {format.moment(one)}
                        </Text>
                        <Text variant="caption">{figures(one)}</Text>
                      </ListRow>
                    </Box>
                  ))}
                </Grid>
              </Box>
              <MoreButton list={activities} />
            </Box>
          );
        }}
      </QueryState>
    </Card>
  );
}

type PlanDay = { date: string; sessions: { id: string; title: string; minutes: number }[] };

function PlanCard({ id, maySuggest }: { id: string; maySuggest: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const plan = useQuery(coachedPlanQuery(id));
  const ahead = (found: Plan) => {
    const days = found.document.days as unknown as PlanDay[];
    const last = addDays(format.today(), DAYS_AHEAD - 1);
    return days.filter((day) => day.date >= format.today() && day.date <= last && day.sessions.length > 0);
  };
  return (
    <>
      <Card title={t('coaching.athlete.plan')} caption={t('coaching.athlete.planCaption')}>
        <QueryState query={plan} skeleton={{ count: 3, height: 40 }}>
          {(found) =>
            found === null || ahead(found).length === 0 ? (
              <Text tone="textSecondary">{t('coaching.athlete.noPlan')}</Text>
            ) : (
              <Box gap="s" role="list">
                {ahead(found).flatMap((day) =>
                  day.sessions.map((session) => (
                    <Box key={session.id} role="listitem">
                      <Text variant="label">{format.day(day.date, DAY)}</Text>
                      <Text variant="caption" tone="textSecondary">
                        {`${session.title} (${t('duration.min', { value: format.number(session.minutes) })})`}
                      </Text>
                    </Box>
                  )),
                )}
              </Box>
            )
          }
        </QueryState>
      </Card>
      {maySuggest && plan.data ? <SuggestCard athleteId={id} planId={plan.data.id} /> : null}
    </>
  );
}
