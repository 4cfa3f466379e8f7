import { useTranslation } from 'react-i18next';

import { Box, Stat, StatGrid, Text } from '@/design';
import type { Snapshot } from '@/features/community/communityQueries';
import { useFigures } from '@/features/community/PostCard';

/** Something of somebody as others see or saw it: its words and figures. */
export function Content({
  label,
  text,
  snapshot,
}: {
  label: string;
  text: string;
  snapshot: Snapshot | null;
}) {
  const { t } = useTranslation();
  const figures = useFigures()(snapshot ?? {});
  return (
    <Box background="surfaceSunken" radius="m" padding="m" gap="s">
      <Text variant="label">{label}</Text>
      {snapshot?.title ? <Text variant="bodyStrong">{snapshot.title}</Text> : null}
      {text === '' ? (
        <Text tone="textSecondary">{t('moderation.noWords')}</Text>
      ) : (
        <Text anywhere>{text}</Text>
      )}
      {figures.length > 0 ? (
        <StatGrid>
          {figures.map((figure) => (
            <Stat key={figure.label} {...figure} />
          ))}
        </StatGrid>
      ) : null}
    </Box>
  );
}
