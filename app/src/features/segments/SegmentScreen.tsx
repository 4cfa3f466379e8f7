import { useQuery } from '@tanstack/react-query';
import { useLocalSearchParams, useRouter } from 'expo-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { isNotFound } from '@/api/errors';
import { Banner, Button, Card, Columns, EmptyState, Screen, Stat, StatGrid, useLayout } from '@/design';
import { RouteDrawing } from '@/design/charts';
import { size } from '@/design/tokens';
import { useScaleUnit } from '@/features/activities/useScaleUnit';
import { useTileSource } from '@/features/maps/tiles';
import { ConfirmDialog } from '@/features/shell/ConfirmDialog';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';

import { EffortsCard } from './EffortsCard';
import { RenameSegment } from './RenameSegment';
import { type Segment, segmentQuery, useSegmentChange } from './segmentQueries';
import { SharingCard } from './SharingCard';
import { SegmentBoardCard } from './SegmentBoardCard';

/** A segment: where it runs, one's efforts, and who else is there. */
export function SegmentScreen() {
  const { t } = useTranslation();
  const { id } = useLocalSearchParams<{ id: string }>();
  const segment = useQuery(segmentQuery(id));
  if (segment.data !== undefined) return <Loaded segment={segment.data} />;
  return (
    <Screen title={t('segment.one')} back={{ href: '/segments', label: t('segment.title') }}>
      {isNotFound(segment.error) ? (
        <EmptyState icon="question" title={t('segment.goneTitle')}>
          {t('segment.goneBody')}
        </EmptyState>
      ) : (
        <QueryState query={segment} skeleton={{ count: 3, height: 180 }}>
          {() => null}
        </QueryState>
      )}
    </Screen>
  );
}

function Loaded({ segment }: { segment: Segment }) {
  const { t } = useTranslation();
  const router = useRouter();
  const format = useFormat();
  const [renaming, setRenaming] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const remove = useSegmentChange(
    () =>
      answer(api().DELETE('/api/v1/segments/{segment_id}', { params: { path: { segment_id: segment.id } } })),
    () => router.replace('/segments'),
  );
  const facts = [
    t(`sport.${segment.sport}`),
    format.distance(segment.length_m, segment.sport)?.text,
    segment.ascent_m ? t('segment.climbs', { height: format.elevation(segment.ascent_m)?.text }) : null,
    segment.owner ? t('segment.by', { name: segment.owner.name }) : null,
  ];
  return (
    <Screen
      title={segment.name}
      subtitle={facts.filter(Boolean).join(' · ')}
      back={{ href: '/segments', label: t('segment.title') }}
      actions={
        segment.is_own ? (
          <>
            <Button
              label={t('segment.rename')}
              icon="edit"
              variant="secondary"
              onPress={() => setRenaming(true)}
            />
            <Button
              label={t('segment.delete')}
              icon="trash"
              iconOnly
              variant="secondary"
              onPress={() => setDeleting(true)}
            />
          </>
        ) : undefined
      }
    >
      <RenameSegment segment={segment} open={renaming} onClose={() => setRenaming(false)} />
      <ConfirmDialog
        title={t('segment.deleteTitle')}
        body={t('segment.deleteBody', { name: segment.name })}
        confirmLabel={t('segment.delete')}
        open={deleting}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(undefined)}
        onClose={() => setDeleting(false)}
      />
      {segment.is_joined && !segment.is_matched ? <Banner title={t('segment.matching')} /> : null}
      {segment.is_joined ? <Figures segment={segment} /> : null}
      <Columns
        main={<>{segment.is_joined ? <EffortsCard segment={segment} /> : null}</>}
        aside={
          <>
            <SegmentMap segment={segment} />
            <SharingCard segment={segment} />
            {segment.audience === 'me' ? null : <SegmentBoardCard segment={segment} />}
          </>
        }
      />
    </Screen>
  );
}

function Figures({ segment }: { segment: Segment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { trend } = segment;
  return (
    <Card>
      <StatGrid>
        <Stat label={t('segment.best')} value={segment.best_s ? format.clock(segment.best_s) : '–'} />
        <Stat label={t('segment.count')} value={format.number(segment.efforts)} />
        <Stat label={t('segment.recentCount')} value={format.number(segment.efforts_90_days)} />
        {trend ? (
          <Stat
            label={t('segment.trend', { count: trend.efforts })}
            value={format.clock(trend.recent_s)}
            note={t('segment.trendBefore', { time: format.clock(trend.before_s) })}
          />
        ) : null}
      </StatGrid>
    </Card>
  );
}

function SegmentMap({ segment }: { segment: Segment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { isWide } = useLayout();
  const scaleUnit = useScaleUnit();
  const tiles = useTileSource();
  const pieces = useMemo(() => [segment.course], [segment.course]);
  return (
    <Card title={t('map.title')} caption={t('map.caption')}>
      <RouteDrawing
        label={t('map.label', { distance: format.distance(segment.length_m, segment.sport)?.text ?? '' })}
        pieces={pieces}
        height={isWide ? size.mapDesktop : size.mapPhone}
        marker={null}
        scaleUnit={scaleUnit}
        tiles={tiles}
      />
    </Card>
  );
}
