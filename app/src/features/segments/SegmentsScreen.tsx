import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Badge, Box, Button, Card, EmptyState, Row, Screen, SegmentedControl, Text } from '@/design';
import { MoreButton } from '@/features/shell/MoreButton';
import { RouteThumb } from '@/design/charts';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';

import { type Listed, segmentsQuery, type SegmentSummary } from './segmentQueries';

/** One's own segments, and those of others that one may join. */
export function SegmentsScreen() {
  const { t } = useTranslation();
  const [state, setState] = useState<Listed>('mine');
  const list = useInfiniteQuery(segmentsQuery(state));
  return (
    <Screen
      title={t('segment.title')}
      subtitle={t('segment.subtitle')}
      width="reading"
      back={{ href: '/activities', label: t('activities.title') }}
      onRefresh={() => void list.refetch()}
      refreshing={list.isRefetching}
    >
      <SegmentedControl<Listed>
        label={t('segment.which')}
        value={state}
        onChange={setState}
        options={(['mine', 'open'] as const).map((value) => ({ value, label: t(`segment.list.${value}`) }))}
      />
      <QueryState query={list} skeleton={{ count: 3, height: 100 }}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return (
              <EmptyState
                icon="activities"
                title={t(`segment.none.${state}`)}
                action={
                  state === 'mine' ? (
                    <Button href="/activities" label={t('segment.chooseActivity')} />
                  ) : undefined
                }
              >
                {t(`segment.noneBody.${state}`)}
              </EmptyState>
            );
          return (
            <Box gap="m" role="list" aria-label={t('segment.title')}>
              {items.map((segment) => (
                <Box key={segment.id} role="listitem">
                  <SegmentCard segment={segment} />
                </Box>
              ))}
              <MoreButton list={list} />
            </Box>
          );
        }}
      </QueryState>
    </Screen>
  );
}

function SegmentCard({ segment }: { segment: SegmentSummary }) {
  const { t } = useTranslation();
  const format = useFormat();
  const facts = [
    t(`sport.${segment.sport}`),
    format.distance(segment.length_m, segment.sport)?.text,
    segment.owner ? t('segment.by', { name: segment.owner.name }) : null,
  ];
  return (
    <Card>
      <Row gap="m" align="center">
        <RouteThumb points={segment.preview} />
        <Box shrink minWidth={0} flex={1}>
          <Button
            href={`/segments/${segment.id}`}
            label={segment.name}
            variant="quiet"
            flush="start"
            wraps
            small
          />
          <Text variant="caption" tone="textSecondary">
            {facts.filter(Boolean).join(' · ')}
          </Text>
          {segment.is_joined ? (
            <Text variant="caption" tone="textSecondary">
              {segment.is_matched ? t('segment.efforts', { count: segment.efforts }) : t('segment.matching')}
            </Text>
          ) : null}
        </Box>
        {segment.best_s === null || segment.best_s === undefined ? null : (
          <Box align="flex-end" gap="xxs">
            <Text variant="bodyStrong" tabular>
              {format.clock(segment.best_s)}
            </Text>
            {segment.audience === 'me' ? null : <Badge label={t('segment.shared')} />}
          </Box>
        )}
      </Row>
    </Card>
  );
}
