import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys, sourcePreferencesQuery, wellnessPrioritiesQuery } from '@/api/queries';
import type { KnownSourcePreferences, Quantity, WellnessMetric } from '@/api/types';
import { Box, Button, EmptyState, Grid, Screen, Text } from '@/design';
import { QueryState } from '@/features/shell/QueryState';
import { sourceName } from '@/features/wellness/series';

import { type Ranking, recordingRankings, valueRankings } from './order';
import { OrderCard } from './OrderCard';

/** Which device or service counts first, for each quantity of recordings and each daily value. */
export function SourceOrderScreen() {
  const { t } = useTranslation();
  const devices = useQuery(sourcePreferencesQuery());
  const values = useQuery(wellnessPrioritiesQuery());
  return (
    <Screen
      title={t('sourceOrder.title')}
      subtitle={t('sourceOrder.subtitle')}
      back={{ href: '/devices', label: t('devices.title') }}
      onRefresh={() => {
        void devices.refetch();
        void values.refetch();
      }}
      refreshing={devices.isRefetching || values.isRefetching}
    >
      <QueryState query={devices} skeleton={{ count: 2, height: 160 }}>
        {(known) => (
          <QueryState query={values} skeleton={{ count: 2, height: 160 }}>
            {({ priorities }) => (
              <Rankings
                known={known}
                recordings={recordingRankings(known)}
                values={valueRankings(priorities)}
              />
            )}
          </QueryState>
        )}
      </QueryState>
    </Screen>
  );
}

function Rankings({
  known,
  recordings,
  values,
}: {
  known: KnownSourcePreferences;
  recordings: readonly Ranking<Quantity>[];
  values: readonly Ranking<WellnessMetric>[];
}) {
  const { t } = useTranslation();
  if (recordings.length + values.length === 0) {
    return (
      <EmptyState
        icon="devices"
        title={t('sourceOrder.emptyTitle')}
        action={<Button href="/devices" label={t('devices.title')} />}
      >
        {t('sourceOrder.emptyBody')}
      </EmptyState>
    );
  }
  return (
    <>
      {recordings.length > 0 ? (
        <Section title={t('sourceOrder.recordings')} caption={t('sourceOrder.recordingsCaption')}>
          {recordings.map((ranking) => (
            <RecordingOrder key={ranking.of} known={known} ranking={ranking} />
          ))}
        </Section>
      ) : null}
      {values.length > 0 ? (
        <Section title={t('sourceOrder.values')} caption={t('sourceOrder.valuesCaption')}>
          {values.map((ranking) => (
            <ValueOrder key={ranking.of} ranking={ranking} />
          ))}
        </Section>
      ) : null}
    </>
  );
}

function Section({ title, caption, children }: { title: string; caption: string; children: ReactNode }) {
  return (
    <Box gap="m">
      <Box gap="xxs">
        <Text variant="heading" level={2}>
          {title}
        </Text>
        <Text variant="caption" tone="textSecondary">
          {caption}
        </Text>
      </Box>
      <Grid minWidth={320}>{children}</Grid>
    </Box>
  );
}

function RecordingOrder({ known, ranking }: { known: KnownSourcePreferences; ranking: Ranking<Quantity> }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (order: string[]) =>
      answer(
        api().PUT('/api/v1/activities/source-preferences', {
          body: { preferences: { ...known.preferences, [ranking.of]: order } },
        }),
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.jobs });
      return client.invalidateQueries({ queryKey: keys.sourcePreferences });
    },
  });
  return (
    <OrderCard
      title={t(`quantity.${ranking.of}`)}
      sources={ranking.sources}
      isOwn={ranking.isOwn}
      isRule
      nameOf={(id) => id}
      countOf={(count) => t('sourceOrder.activities', { count })}
      busy={change.isPending}
      error={change.error}
      onSave={(order, done) => change.mutate(order, { onSuccess: done })}
    />
  );
}

function ValueOrder({ ranking }: { ranking: Ranking<WellnessMetric> }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (sources: string[]) =>
      answer(
        api().PUT('/api/v1/wellness/priorities/{metric}', {
          params: { path: { metric: ranking.of } },
          body: { sources },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.wellness }),
  });
  return (
    <OrderCard
      title={t(`wellness.metric.${ranking.of}`)}
      sources={ranking.sources}
      isOwn={ranking.isOwn}
      nameOf={(id) => sourceName(id, t('wellness.typedSource'))}
      countOf={(count) => t('sourceOrder.days', { count })}
      busy={change.isPending}
      error={change.error}
      onSave={(order, done) => change.mutate(order, { onSuccess: done })}
    />
  );
}
