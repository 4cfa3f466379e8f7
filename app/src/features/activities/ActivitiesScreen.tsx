import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { activitiesQuery } from '@/api/queries';
import type { ActivityPage, ActivitySummary, Sport } from '@/api/types';
import {
  Box,
  Button,
  EmptyState,
  NearEnd,
  Row,
  Screen,
  Select,
  Text,
  TextField,
  useLayout,
  Windowed,
} from '@/design';
import { webProps } from '@/design/interaction';
import { space } from '@/design/tokens';
import { JobList } from '@/features/jobs/JobList';
import { UploadArea } from '@/features/jobs/UploadArea';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';

import { ActivityRow } from './ActivityRow';
import { JoinHint } from './JoinHint';
import { likelyPairs } from './sources';
import { type WeekSum, weekSums } from './weeks';
import { sports } from './words';

const TYPING_PAUSE_MS = 300;
const SEARCH_WIDTH = 320;
const SPORT_WIDTH = 180;
/** Before a part of the list was drawn. */
const ROW_HEIGHT = 100;

export function ActivitiesScreen() {
  const { t } = useTranslation();
  const { isWide } = useLayout();
  const [typed, setTyped] = useState('');
  const [q, setQ] = useState('');
  const [sport, setSport] = useState<Sport | 'all'>('all');
  const [adding, setAdding] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const list = useInfiniteQuery(activitiesQuery({ sport: sport === 'all' ? null : sport, q }));
  const filtered = sport !== 'all' || q.trim() !== '';
  return (
    <Screen
      title={t('activities.title')}
      actions={
        <>
          <Button href="/segments" label={t('segment.title')} variant="secondary" />
          <Button
            label={t('activities.add')}
            icon={adding ? 'close' : 'plus'}
            variant={adding ? 'secondary' : 'primary'}
            onPress={() => setAdding(!adding)}
          />
        </>
      }
      onRefresh={() => void list.refetch()}
      refreshing={list.isRefetching}
    >
      {adding ? <UploadArea takes="activity" compact /> : null}
      <JobList kinds={['activity_import', 'activity_sources', 'segment_match']} />
      <Row gap="m" wrap={!isWide} align="flex-end" {...webProps({ role: 'search' })}>
        <Box
          width={isWide ? SEARCH_WIDTH : undefined}
          maxWidth="100%"
          style={isWide ? undefined : { flexGrow: 1 }}
        >
          <TextField
            label={t('activities.search')}
            hideLabel
            placeholder={t('activities.search')}
            value={typed}
            onChangeText={setTyped}
            inputMode="search"
          />
        </Box>
        <Box width={SPORT_WIDTH}>
          <Select
            label={t('activities.sport')}
            hideLabel
            value={sport}
            onChange={setSport}
            options={[
              { value: 'all', label: t('activities.allSports') },
              ...sports.map((value) => ({ value, label: t(`sport.${value}`) })),
            ]}
          />
        </Box>
      </Row>
      <QueryState query={list} skeleton={{ count: 6, height: 90 }}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0 && filtered) {
            return (
              <EmptyState icon="search" title={t('activities.noneFoundTitle')}>
                {t('activities.noneFoundBody')}
              </EmptyState>
            );
          }
          if (items.length === 0) {
            return (
              <Box gap="l">
                <EmptyState icon="activities" title={t('activities.emptyTitle')}>
                  {t('activities.emptyBody')}
                </EmptyState>
                {adding ? null : <UploadArea takes="activity" />}
              </Box>
            );
          }
          return <ActivityList pages={pages} list={list} />;
        }}
      </QueryState>
    </Screen>
  );
}

type List = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };

/** Page after page; what is far from the screen is not drawn, so that ten years scroll like a week. */
function ActivityList({ pages, list }: { pages: readonly ActivityPage[]; list: List }) {
  const { t } = useTranslation();
  const items = useMemo(() => pages.flatMap((page) => page.items), [pages]);
  const pairs = useMemo(() => likelyPairs(items), [items]);
  const weeks = useMemo(() => weekSums(items, list.hasNextPage), [items, list.hasNextPage]);
  const goOn = () => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  };
  return (
    <Box role="list" aria-label={t('activities.title')}>
      {pages.map((page, index) => (
        <Windowed key={index} estimate={page.items.length * ROW_HEIGHT}>
          {page.items.map((activity) => (
            <Box key={activity.id} role="listitem" style={{ paddingBottom: space.s }}>
              <Week sum={weeks.get(activity.id)} />
              <ActivityRow activity={activity} />
              <Join pairs={pairs} activity={activity} />
            </Box>
          ))}
        </Windowed>
      ))}
      {list.hasNextPage ? (
        <Box role="listitem" align="center" paddingY="m">
          <NearEnd key={pages.length} onNear={goOn} />
          <Button
            label={t('activities.more')}
            variant="secondary"
            busy={list.isFetchingNextPage}
            onPress={goOn}
          />
        </Box>
      ) : null}
    </Box>
  );
}

/** What a week came to, before the first of its activities. */
function Week({ sum }: { sum: WeekSum | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (sum === undefined) return null;
  const day = format.day(sum.start, { day: 'numeric', month: 'short' });
  return (
    <Box paddingY="s">
      <Text variant="label" tone="textSecondary">
        {t('activities.week', { day, count: sum.count, time: format.clock(sum.seconds) })}
      </Text>
    </Box>
  );
}

function Join({ pairs, activity }: { pairs: Map<string, ActivitySummary>; activity: ActivitySummary }) {
  const other = pairs.get(activity.id);
  return other ? <JoinHint activity={activity} other={other} /> : null;
}
