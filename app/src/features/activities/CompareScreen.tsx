import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useLocalSearchParams } from 'expo-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { isNotFound } from '@/api/errors';
import { activitiesQuery, activityQuery, streamsQuery } from '@/api/queries';
import type { ActivityDetail, ActivitySummary } from '@/api/types';
import { Box, Button, Card, EmptyState, ListRow, Screen, Skeleton, Table, Text, TextField } from '@/design';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';

import { candidates, figuresOf } from './compare';
import { CompareCharts } from './CompareCharts';
import { useCompareWords } from './useCompareWords';
import { useActivityTitle } from './words';

const POINTS = 1500;

/** Two activities beside each other; without a second one, the choice of it. */
export function CompareScreen() {
  const { t } = useTranslation();
  const { first = '', second } = useLocalSearchParams<{ first?: string; second?: string }>();
  const activity = useQuery(activityQuery(first));
  return (
    <Screen
      title={t('compareActivities.title')}
      subtitle={t(second ? 'compareActivities.subtitle' : 'compareActivities.choose')}
      back={{ href: `/activities/${first}`, label: t('compareActivities.back') }}
    >
      {isNotFound(activity.error) ? (
        <Gone />
      ) : (
        <QueryState query={activity} skeleton={{ count: 3, height: 120 }}>
          {(found) => (second ? <With first={found} id={second} /> : <Choice of={found} />)}
        </QueryState>
      )}
    </Screen>
  );
}

function Gone() {
  const { t } = useTranslation();
  return (
    <EmptyState icon="question" title={t('activity.goneTitle')}>
      {t('activity.goneBody')}
    </EmptyState>
  );
}

/** A name that two activities of one name do not share. */
function useDatedTitle(): (activity: ActivitySummary) => string {
  const title = useActivityTitle();
  const format = useFormat();
  return (activity) =>
    `${title(activity)}, ${format.moment(activity, { day: 'numeric', month: 'short', year: 'numeric' })}`;
}

function Choice({ of }: { of: ActivityDetail }) {
  const { t } = useTranslation();
  const title = useActivityTitle();
  const format = useFormat();
  const [q, setQ] = useState('');
  const same = useInfiniteQuery(activitiesQuery({ sport: of.sport, q }));
  const all = useInfiniteQuery(activitiesQuery({ sport: null, q }));
  const found = new Map(
    [...(same.data?.pages ?? []), ...(all.data?.pages ?? [])]
      .flatMap((page) => page.items)
      .map((one) => [one.id, one]),
  );
  const shown = candidates([...found.values()], of);
  return (
    <Box gap="m">
      <TextField
        label={t('activities.search')}
        hideLabel
        placeholder={t('activities.search')}
        value={q}
        onChangeText={setQ}
        inputMode="search"
      />
      <QueryState query={same} skeleton={{ count: 4, height: 60 }}>
        {() =>
          shown.length === 0 ? (
            <EmptyState icon="search" title={t('compareActivities.noneTitle')}>
              {t('compareActivities.noneBody')}
            </EmptyState>
          ) : (
            <Box gap="s" role="list" aria-label={t('compareActivities.choose')}>
              {shown.map((activity) => (
                <Box key={activity.id} role="listitem">
                  <ListRow href={`/activities/compare?first=${of.id}&second=${activity.id}`}>
                    <Box gap="xxs">
                      <Text variant="bodyStrong">{title(activity)}</Text>
                      <Text variant="caption" tone="textSecondary">
                        {[
                          format.moment(activity),
                          activity.distance_m
                            ? format.distance(activity.distance_m, activity.sport)?.text
                            : null,
                          format.clock(activity.moving_s ?? activity.timer_s),
                        ]
                          .filter(Boolean)
                          .join(' · ')}
                      </Text>
                    </Box>
                  </ListRow>
                </Box>
              ))}
            </Box>
          )
        }
      </QueryState>
    </Box>
  );
}

function With({ first, id }: { first: ActivityDetail; id: string }) {
  const second = useQuery(activityQuery(id));
  if (isNotFound(second.error)) return <Gone />;
  return (
    <QueryState query={second} skeleton={{ count: 3, height: 120 }}>
      {(other) => <Compared first={first} second={other} />}
    </QueryState>
  );
}

function Compared({ first, second }: { first: ActivityDetail; second: ActivityDetail }) {
  const { t } = useTranslation();
  const named = useDatedTitle();
  const names = [named(first), named(second)] as const;
  const hasStreams = (first.legs[0]?.samples ?? 0) > 0 && (second.legs[0]?.samples ?? 0) > 0;
  const [one, other] = [
    useQuery({ ...streamsQuery(first.id, 0, POINTS), enabled: hasStreams }),
    useQuery({ ...streamsQuery(second.id, 0, POINTS), enabled: hasStreams }),
  ];
  return (
    <>
      <Figures first={first} second={second} names={names} />
      {one.data && other.data ? (
        <CompareCharts first={one.data} second={other.data} sport={first.sport} names={names} />
      ) : hasStreams && (one.isPending || other.isPending) ? (
        <Skeleton height={300} />
      ) : null}
      <Button
        href={`/activities/compare?first=${first.id}`}
        label={t('compareActivities.another')}
        variant="secondary"
        align="start"
      />
    </>
  );
}

function Figures({
  first,
  second,
  names,
}: {
  first: ActivityDetail;
  second: ActivityDetail;
  names: readonly [string, string];
}) {
  const { t } = useTranslation();
  const words = useCompareWords(first.sport);
  return (
    <Card title={t('compareActivities.figures')}>
      <Table
        label={t('compareActivities.figures')}
        items={figuresOf(first, second)}
        keyOf={({ id }) => id}
        columns={[
          {
            id: 'what',
            title: t('compareActivities.what'),
            cell: ({ id }) => t(`field.${id === 'speed' ? 'paceOrSpeed' : id}`),
          },
          ...(['first', 'second'] as const).map((side, column) => ({
            id: side,
            title: names[column] ?? '',
            numeric: true,
            cell: (figure: ReturnType<typeof figuresOf>[number]) => {
              const value = figure[side];
              return value === null ? t('state.missing') : words.text(figure.id, value);
            },
          })),
          {
            id: 'difference',
            title: t('compareActivities.difference'),
            numeric: true,
            cell: (figure) => words.difference(figure) ?? '',
          },
        ]}
      />
    </Card>
  );
}
