import { useTranslation } from 'react-i18next';

import type { PlannedSession } from '@/api/types';
import { Button } from '@/design';
import { isPlayable } from '@/live/player/planned';

/** Plays a planned session; nothing for what cannot be played. */
export function StartButton({ session }: { session: PlannedSession }) {
  const { t } = useTranslation();
  if (!isPlayable(session)) return null;
  return (
    <Button
      href={`/live/workout?session=${encodeURIComponent(session.id)}`}
      label={t('workout.start')}
      accessibilityLabel={t('workout.startOf', { title: session.title })}
      icon="play"
      small
      align="start"
    />
  );
}
