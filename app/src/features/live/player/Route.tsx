import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useLayout } from '@/design';
import { RouteDrawing } from '@/design/charts';
import { size } from '@/design/tokens';
import { useScaleUnit } from '@/features/activities/useScaleUnit';
import { useFormat } from '@/i18n/useFormat';
import { routeOf } from '@/live/player/track';
import type { Workout } from '@/live/player/workout';

/** A picture that is drawn each second would cost more than it shows. */
const REDRAW_EVERY = 5;

/** The way so far; nothing without one. */
export function Route({ workout }: { workout: Workout }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { isWide } = useLayout();
  const scaleUnit = useScaleUnit();
  const { samples, isDone, distanceM, sport } = workout;
  const drawn = isDone ? samples.length : samples.length - (samples.length % REDRAW_EVERY);
  // Samples are only added: their number says which they are.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const pieces = useMemo(() => routeOf(samples.slice(0, drawn)), [drawn]);
  if (pieces.flat().length < 2) return null;
  return (
    <RouteDrawing
      label={t('map.label', { distance: format.distance(distanceM, sport)?.text ?? '' })}
      pieces={pieces}
      height={isWide ? size.mapDesktop : size.mapPhone}
      marker={isDone ? null : (pieces.at(-1)?.at(-1) ?? null)}
      scaleUnit={scaleUnit}
    />
  );
}
