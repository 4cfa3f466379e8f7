import { useTranslation } from 'react-i18next';

import { UploadDropZone } from '@/design';

import { accepted, useSend } from './useSend';

/** Where files are dropped: watch files, videos, or both. */
export function UploadArea({
  takes,
  compact,
  exercise,
}: {
  takes: 'activity' | 'video' | 'both';
  compact?: boolean;
  exercise?: string;
}) {
  const { t } = useTranslation();
  const send = useSend(exercise);
  const accept =
    takes === 'activity'
      ? accepted.activity
      : takes === 'video'
        ? accepted.video
        : [...accepted.activity, ...accepted.video];
  return (
    <UploadDropZone
      icon={takes === 'video' ? 'video' : 'upload'}
      title={t(`upload.${takes}.title`)}
      hint={t(`upload.${takes}.hint`)}
      buttonLabel={t(`upload.${takes}.button`)}
      accept={accept}
      multiple={takes !== 'video'}
      compact={compact}
      onFiles={(files) => void send(files)}
    />
  );
}
