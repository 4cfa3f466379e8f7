import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { activitiesQuery, keys } from '@/api/queries';
import type { ActivitySummary } from '@/api/types';
import {
  Banner,
  Box,
  Button,
  Card,
  Row,
  Select,
  Slider,
  Text,
  TextField,
  useLayout,
  useToast,
} from '@/design';
import { RouteDrawing } from '@/design/charts';
import { size } from '@/design/tokens';
import { useScaleUnit } from '@/features/activities/useScaleUnit';
import { useActivityTitle } from '@/features/activities/words';
import { useDraft } from '@/features/shell/drafts';
import { QueryState } from '@/features/shell/QueryState';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';
import type { Circle, Point } from '@/lib/route';

import { canLocate, ownPosition } from './ownPosition';
import { radii_m, USUAL_RADIUS } from './radii';
import type { PrivacyZone } from './zoneQueries';

const LONGEST_NAME = 60;
const NO_ROUTE: readonly Point[] = [];

type Routed = ActivitySummary & { route_preview: [number, number][] };

function hasRoute(activity: ActivitySummary): activity is Routed {
  return activity.route_preview !== null && activity.route_preview.length > 1;
}

/** A new zone: its middle on a route of one's own or where one is now, its size on a slider, both seen on the map. */
export function AddZone({ zones }: { zones: readonly PrivacyZone[] }) {
  const { t } = useTranslation();
  const activities = useInfiniteQuery(activitiesQuery({ sport: null, q: '' }));
  return (
    <Card title={t('zones.add')} caption={t('zones.addText')} testID="add-zone">
      <QueryState query={activities} skeleton={{ count: 1, height: 260 }}>
        {({ pages }) => <Draw zones={zones} routed={pages.flatMap((page) => page.items).filter(hasRoute)} />}
      </QueryState>
    </Card>
  );
}

function Draw({ zones, routed }: { zones: readonly PrivacyZone[]; routed: readonly Routed[] }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const toast = useToast();
  const client = useQueryClient();
  const draft = useDraft('privacy-zone', { name: '' });
  const { name } = draft.values;
  const [chosen, setChosen] = useState<string | null>(null);
  const [place, setPlace] = useState(0);
  const [position, setPosition] = useState<Point | null>(null);
  const [radius, setRadius] = useState<number>(USUAL_RADIUS);
  const activity = routed.find((one) => one.id === chosen) ?? routed[0];
  const route: readonly Point[] = position === null && activity ? activity.route_preview : NO_ROUTE;
  const center = position ?? route[Math.min(place, route.length - 1)];
  const radius_m = radii_m[radius] ?? radii_m[USUAL_RADIUS];
  const locate = useMutation({ mutationFn: ownPosition, onSuccess: setPosition, networkMode: 'always' });
  const add = useMutation({
    mutationFn: ([latitude_deg, longitude_deg]: Point) =>
      answer(
        api().POST('/api/v1/athletes/me/privacy-zones', {
          body: { name: name.trim(), latitude_deg, longitude_deg, radius_m },
        }),
      ),
    onSuccess: (zone) => {
      draft.forget();
      void client.invalidateQueries({ queryKey: keys.privacyZones });
      toast(t('zones.added', { name: zone.name }));
    },
  });
  return (
    <Box gap="l">
      {add.error ? <Banner tone="danger" urgent title={errorText(add.error).message} /> : null}
      {locate.error ? <Banner tone="warning" urgent title={t('zones.noPosition')} /> : null}
      <UnsavedLine draft={draft} />
      <TextField
        label={t('zones.name')}
        hint={t('zones.nameHint')}
        value={name}
        onChangeText={(next) => draft.change({ name: next })}
        maxLength={LONGEST_NAME}
      />
      {activity ? (
        <RouteChoice
          routed={routed}
          activity={activity}
          place={position === null ? place : null}
          onActivity={(id) => {
            setChosen(id);
            setPlace(0);
            setPosition(null);
          }}
          onPlace={(index) => {
            setPlace(index);
            setPosition(null);
          }}
        />
      ) : (
        <Text tone="textSecondary">{t(canLocate ? 'zones.noRoutes' : 'zones.noRoutesAtAll')}</Text>
      )}
      {canLocate ? (
        <Row gap="s" wrap>
          <Button
            label={t('zones.here')}
            variant="secondary"
            busy={locate.isPending}
            onPress={() => locate.mutate()}
          />
          {position === null ? null : (
            <Text variant="caption" role="status">
              {t('zones.hereChosen')}
            </Text>
          )}
        </Row>
      ) : null}
      {center ? (
        <>
          <RadiusSlider radius={radius} onChange={setRadius} />
          <ZoneMap route={route} center={center} radius_m={radius_m} zones={zones} />
          <Button
            label={t('zones.save')}
            disabled={name.trim() === ''}
            busy={add.isPending}
            onPress={() => add.mutate(center)}
          />
        </>
      ) : null}
    </Box>
  );
}

function RouteChoice({
  routed,
  activity,
  place,
  onActivity,
  onPlace,
}: {
  routed: readonly Routed[];
  activity: Routed;
  /** Null while the middle is elsewhere. */
  place: number | null;
  onActivity: (id: string) => void;
  onPlace: (index: number) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const titleOf = useActivityTitle();
  const last = activity.route_preview.length - 1;
  const at = place ?? 0;
  const words =
    place === null
      ? t('zones.elsewhere')
      : at === 0
        ? t('zones.start')
        : at === last
          ? t('zones.end')
          : t('zones.along', { percent: format.number((at / last) * 100) });
  return (
    <>
      <Select
        label={t('zones.activity')}
        value={activity.id}
        onChange={onActivity}
        options={routed.map((one) => ({
          value: one.id,
          label: `${titleOf(one)}, ${format.moment(one, { dateStyle: 'medium' })}`,
        }))}
      />
      <Box gap="s">
        <Slider label={t('zones.middle')} valueText={words} index={at} count={last + 1} onChange={onPlace} />
        <Row gap="s">
          <Button label={t('zones.start')} variant="secondary" small onPress={() => onPlace(0)} />
          <Button label={t('zones.end')} variant="secondary" small onPress={() => onPlace(last)} />
        </Row>
      </Box>
    </>
  );
}

function RadiusSlider({ radius, onChange }: { radius: number; onChange: (radius: number) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Slider
      label={t('zones.radius')}
      valueText={format.elevation(radii_m[radius])?.text ?? ''}
      index={radius}
      count={radii_m.length}
      onChange={onChange}
    />
  );
}

function ZoneMap({
  route,
  center,
  radius_m,
  zones,
}: {
  route: readonly Point[];
  center: Point;
  radius_m: number;
  zones: readonly PrivacyZone[];
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { isWide } = useLayout();
  const scaleUnit = useScaleUnit();
  const zone = useMemo((): Circle => ({ center, radius_m }), [center, radius_m]);
  const pieces = useMemo(() => (route.length > 0 ? [route] : []), [route]);
  const others = zones.map((one): Circle => ({
    center: [one.latitude_deg, one.longitude_deg],
    radius_m: one.radius_m,
  }));
  return (
    <Box gap="xs">
      <RouteDrawing
        label={t('zones.map', { radius: format.elevation(radius_m)?.text ?? '' })}
        pieces={pieces}
        height={isWide ? size.mapDesktop : size.mapPhone}
        marker={center}
        zone={zone}
        otherZones={others}
        scaleUnit={scaleUnit}
      />
      <Text variant="caption" tone="textSecondary">
        {t('zones.mapText')}
      </Text>
    </Box>
  );
}
