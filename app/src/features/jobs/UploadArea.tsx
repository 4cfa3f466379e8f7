import { Platform } from 'react-native';
import { useTranslation } from 'react-i18next';

import { Skeleton, UploadDropZone, useLayout } from '@/design';
import { ConsentGate } from '@/features/consents/ConsentGate';
import { type HealthPurpose, useMissingConsents } from '@/features/consents/consents';

import { allowed, type Takes } from './allowed';
import { accepted, useSend } from './useSend';

const needs: Record<Takes, readonly HealthPurpose[]> = {
  activity: ['training_diary'],
  video: ['form_videos'],
  both: ['training_diary', 'form_videos'],
};
const WAITING = 120;

/** Where files are dropped: watch files, videos, or both, as far as the athlete agrees that they are kept. */
export function UploadArea({
  takes,
  compact,
  exercise,
}: {
  takes: Takes;
  compact?: boolean;
  exercise?: string;
}) {
  const missing = useMissingConsents(needs[takes]);
  if (missing === null) return <Skeleton height={WAITING} />;
  const may = allowed(takes, missing);
  if (may === null) return <ConsentGate purposes={needs[takes]}>{null}</ConsentGate>;
  return <Zone takes={may} compact={compact} exercise={exercise} />;
}

/** Whether a file can be dragged here: not with a finger, and hardly in a window as narrow as a phone. */
function useCanDrop(): boolean {
  const { layout } = useLayout();
  if (Platform.OS !== 'web' || layout === 'phone') return false;
  return !window.matchMedia('(pointer: coarse)').matches;
}

function Zone({ takes, compact, exercise }: { takes: Takes; compact?: boolean; exercise?: string }) {
  const { t } = useTranslation();
  const send = useSend(exercise);
  const canDrop = useCanDrop();
  const hint = t(`upload.${takes}.hint`);
  const accept =
    takes === 'activity'
      ? accepted.activity
      : takes === 'video'
        ? accepted.video
        : [...accepted.activity, ...accepted.video];
  return (
    <UploadDropZone
      icon={takes === 'video' ? 'video' : 'upload'}
      title={t(canDrop ? `upload.${takes}.title` : `upload.${takes}.choose`)}
      hint={canDrop || takes === 'video' ? hint : `${hint}\n${t('upload.export')}`}
      buttonLabel={t(`upload.${takes}.button`)}
      accept={accept}
      multiple={takes !== 'video'}
      compact={compact}
      onFiles={(files) => void send(files)}
    />
  );
}
