import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import type { ActivityDetail, SourceDetail } from '@/api/types';
import { Banner, Box, Button, Dialog, Text } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { download } from './download';
import { baseName } from './sources';

const FORMATS = ['fit', 'tcx', 'gpx', 'csv'] as const;

/** The files as they were uploaded, and the workout in formats of other programs. */
export function DownloadMenu({
  activity,
  sources,
  open,
  onClose,
}: {
  activity: ActivityDetail;
  sources: readonly SourceDetail[];
  open: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const fetchFile = useMutation({
    mutationFn: ({ path, name }: { path: string; name: string }) =>
      download(`/api/v1/activities/${activity.id}/${path}`, name),
    onSuccess: onClose,
  });
  const hasPlaces = activity.legs.some((leg) => leg.channels?.includes('latitude_deg'));
  const formats = FORMATS.filter((format) => format !== 'gpx' || hasPlaces);
  return (
    <Dialog title={t('source.downloadTitle')} open={open} onClose={onClose}>
      <Box gap="m">
        {fetchFile.error ? <Banner tone="danger" urgent title={errorText(fetchFile.error).message} /> : null}
        <Text variant="label">{t('source.originals')}</Text>
        {sources.map((source) => (
          <Button
            key={source.id}
            label={baseName(source.file_name)}
            icon="download"
            variant="secondary"
            onPress={() =>
              fetchFile.mutate({ path: `sources/${source.id}/original`, name: baseName(source.file_name) })
            }
          />
        ))}
        <Text variant="label">{t('source.converted')}</Text>
        {formats.map((format) => (
          <Button
            key={format}
            label={t(`source.as.${format}`)}
            icon="download"
            variant="secondary"
            onPress={() =>
              fetchFile.mutate({
                path: `export?format=${format}`,
                name: `${activity.local_date}-${activity.sport}.${format}`,
              })
            }
          />
        ))}
        <Text variant="caption" tone="textSecondary">
          {hasPlaces ? t('source.losses') : t('source.lossesNoPlace')}
        </Text>
      </Box>
    </Dialog>
  );
}
