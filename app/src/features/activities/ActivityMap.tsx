import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { ActivityStreams, Sport } from '@/api/types';
import { Card, useLayout } from '@/design';
import { RouteDrawing } from '@/design/charts';
import { size } from '@/design/tokens';
import { useTileSource } from '@/features/maps/tiles';
import { useFormat } from '@/i18n/useFormat';
import { type Point, routePieces } from '@/lib/route';
import { hostOf } from '@/lib/tiles';

import { useScaleUnit } from './useScaleUnit';

export function ActivityMap({
  streams,
  sport,
  distance_m,
  cursorIndex,
}: {
  streams: ActivityStreams;
  sport: Sport;
  distance_m: number | null;
  cursorIndex: number | null;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { isWide } = useLayout();
  const latitudes = streams.channels.latitude_deg;
  const longitudes = streams.channels.longitude_deg;
  const pieces = useMemo(
    () => (latitudes && longitudes ? routePieces(latitudes, longitudes) : []),
    [latitudes, longitudes],
  );
  const scaleUnit = useScaleUnit();
  const tiles = useTileSource();
  if (pieces.flat().length < 2 || !latitudes || !longitudes) return null;
  const at = cursorIndex === null ? null : ([latitudes[cursorIndex], longitudes[cursorIndex]] as const);
  const marker: Point | null =
    at && typeof at[0] === 'number' && typeof at[1] === 'number' ? [at[0], at[1]] : null;
  return (
    <Card
      title={t('map.title')}
      caption={tiles ? t('map.onTiles', { host: hostOf(tiles.urlTemplate) }) : t('map.caption')}
    >
      <RouteDrawing
        label={t('map.label', { distance: format.distance(distance_m, sport)?.text ?? '' })}
        pieces={pieces}
        height={isWide ? size.mapDesktop : size.mapPhone}
        marker={marker}
        scaleUnit={scaleUnit}
        tiles={tiles}
      />
    </Card>
  );
}
