import { useQuery } from '@tanstack/react-query';
import { useLocalSearchParams, useRouter } from 'expo-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { streamsQuery } from '@/api/queries';
import { Banner, Button, Card, EmptyState, Row, Screen, Slider, Text, TextField, useLayout } from '@/design';
import { RouteDrawing } from '@/design/charts';
import { size } from '@/design/tokens';
import { useScaleUnit } from '@/features/activities/useScaleUnit';
import { useTileSource } from '@/features/maps/tiles';
import { useDraft } from '@/features/shell/drafts';
import { QueryState } from '@/features/shell/QueryState';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import { type NewSegment, useSegmentChange } from './segmentQueries';
import { lengthOf, problemOf, type Route, routeOf } from './stretch';

/** Every sample of most recordings, so that a place on the map is a moment of the recording. */
const POINTS = 20_000;

/** Cutting a segment out of an activity: a start and an end on its route, and a name. */
export function NewSegmentScreen() {
  const { t } = useTranslation();
  const { activity = '', leg = '0' } = useLocalSearchParams<{ activity?: string; leg?: string }>();
  const streams = useQuery(streamsQuery(activity, Number(leg), POINTS));
  const route = useMemo(() => (streams.data ? routeOf(streams.data) : null), [streams.data]);
  return (
    <Screen
      title={t('segment.new')}
      subtitle={t('segment.newSubtitle')}
      width="reading"
      back={{ href: `/activities/${activity}`, label: t('segment.backToActivity') }}
    >
      <QueryState query={streams} skeleton={{ count: 2, height: 240 }}>
        {() =>
          route === null ? (
            <EmptyState icon="activities" title={t('segment.noRoute')}>
              {t('segment.noRouteBody')}
            </EmptyState>
          ) : (
            <Choice route={route} activityId={activity} leg={Number(leg)} />
          )
        }
      </QueryState>
    </Screen>
  );
}

function Choice({ route, activityId, leg }: { route: Route; activityId: string; leg: number }) {
  const { t } = useTranslation();
  const router = useRouter();
  const errorText = useErrorText();
  const format = useFormat();
  const { isWide } = useLayout();
  const scaleUnit = useScaleUnit();
  const tiles = useTileSource();
  const last = route.points.length - 1;
  const draft = useDraft(`new-segment.${activityId}.${leg}`, { name: '' });
  const { name } = draft.values;
  const [start, setStart] = useState(Math.round(last / 4));
  const [end, setEnd] = useState(Math.round((3 * last) / 4));
  const [moved, setMoved] = useState<'start' | 'end'>('start');
  const make = useSegmentChange(
    (body: NewSegment) => answer(api().POST('/api/v1/segments', { body })),
    (made) => {
      draft.forget();
      router.replace(`/segments/${made.id}`);
    },
  );
  const failure = make.error ? errorText(make.error) : null;
  const problem = problemOf(route, start, end);
  const pieces = useMemo(() => [route.points], [route]);
  const stretch = useMemo(() => route.points.slice(start, end + 1), [route, start, end]);
  const place = (index: number) => format.distance(route.along_m[index] ?? 0)?.text ?? '';
  const length = format.distance(Math.max(0, lengthOf(route, start, end)))?.text ?? '';
  return (
    <>
      {failure ? (
        <Banner tone="danger" urgent title={failure.message}>
          {failure.remedy}
        </Banner>
      ) : null}
      <Card title={t('segment.stretch')} caption={t('segment.stretchCaption')}>
        <RouteDrawing
          label={t('segment.mapLabel', { start: place(start), end: place(end), length })}
          pieces={pieces}
          highlight={stretch}
          height={isWide ? size.mapDesktop : size.mapPhone}
          marker={route.points[moved === 'start' ? start : end] ?? null}
          scaleUnit={scaleUnit}
          tiles={tiles}
        />
        <Slider
          label={t('segment.start')}
          valueText={place(start)}
          index={start}
          count={last + 1}
          page={10}
          onChange={(index) => {
            setStart(index);
            setMoved('start');
          }}
        />
        <Slider
          label={t('segment.end')}
          valueText={place(end)}
          index={end}
          count={last + 1}
          page={10}
          onChange={(index) => {
            setEnd(index);
            setMoved('end');
          }}
        />
        <Text variant="caption" tone={problem === null ? 'textSecondary' : 'dangerText'} aria-live="polite">
          {problem === null ? t('segment.length', { length }) : t(`segment.problem.${problem}`)}
        </Text>
      </Card>
      <Card title={t('segment.name')}>
        <UnsavedLine draft={draft} />
        <TextField
          label={t('segment.name')}
          hideLabel
          value={name}
          onChangeText={(next) => draft.change({ name: next })}
          maxLength={80}
        />
        <Text variant="caption" tone="textSecondary">
          {t('segment.privateNote')}
        </Text>
      </Card>
      <Row justify="flex-end">
        <Button
          label={t('segment.make')}
          busy={make.isPending}
          disabled={problem !== null || name.trim() === ''}
          onPress={() =>
            make.mutate({
              name: name.trim(),
              activity_id: activityId,
              leg,
              start_s: route.t_s[start] ?? 0,
              end_s: route.t_s[end] ?? 0,
            })
          }
        />
      </Row>
    </>
  );
}
