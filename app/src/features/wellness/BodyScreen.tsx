import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { wellnessPrioritiesQuery, wellnessQuery } from '@/api/queries';
import type { Wellness } from '@/api/types';
import { Box, Button, Columns, EmptyState, Grid, Screen, SegmentedControl } from '@/design';
import { ConsentGate } from '@/features/consents/ConsentGate';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';
import { addDays } from '@/lib/time';
import { hasStraps } from '@/live/sensors/strap';

import { DayEntry } from './DayEntry';
import { MetricCard } from './MetricCard';
import { charted, pointsOf } from './series';

const RANGES = { '1m': 30, '3m': 91, '1y': 364 } as const;
type Range = keyof typeof RANGES;

/** Weight, sleep, heart and how it felt: what is stored, from whom, and a form for a day. */
export function BodyScreen() {
  const { t } = useTranslation();
  const format = useFormat();
  const [range, setRange] = useState<Range>('3m');
  const today = format.today();
  const wellness = useQuery(wellnessQuery(addDays(today, -RANGES[range]), today));
  return (
    <Screen
      title={t('wellness.title')}
      subtitle={t('wellness.subtitle')}
      back={{ href: '/profile', label: t('profile.title') }}
      onRefresh={() => void wellness.refetch()}
      refreshing={wellness.isRefetching}
    >
      <Columns
        main={
          <>
            <SegmentedControl<Range>
              label={t('fitness.range')}
              value={range}
              onChange={setRange}
              options={(Object.keys(RANGES) as Range[]).map((value) => ({
                value,
                label: t(`wellness.ranges.${value}`),
              }))}
            />
            <QueryState query={wellness} skeleton={{ count: 2, height: 200 }}>
              {(body) => <Charts wellness={body} days={RANGES[range]} today={today} />}
            </QueryState>
          </>
        }
        aside={
          <ConsentGate purposes={['body_and_wellness']}>
            {hasStraps() ? (
              <Button href="/live/hrv" label={t('hrvCheck.open')} icon="devices" variant="secondary" />
            ) : null}
            <DayEntry today={today} />
          </ConsentGate>
        }
      />
    </Screen>
  );
}

function Charts({ wellness, days, today }: { wellness: Wellness; days: number; today: string }) {
  const { t } = useTranslation();
  const priorities = useQuery(wellnessPrioritiesQuery());
  const shown = charted
    .map((metric) => ({ metric, points: pointsOf(wellness, metric) }))
    .filter(({ points }) => points.length > 0);
  if (shown.length === 0) {
    return (
      <EmptyState icon="fitness" title={t('wellness.emptyTitle')}>
        {t('wellness.emptyBody')}
      </EmptyState>
    );
  }
  return (
    <Box gap="m">
      <Grid minWidth={320}>
        {shown.map(({ metric, points }) => (
          <MetricCard
            key={metric}
            metric={metric}
            points={points}
            first={addDays(today, -days)}
            last={today}
            priority={priorities.data?.priorities.find((one) => one.metric === metric)}
          />
        ))}
      </Grid>
    </Box>
  );
}
