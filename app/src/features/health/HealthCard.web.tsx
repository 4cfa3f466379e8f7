import { useTranslation } from 'react-i18next';

import { Box, ListRow, Text } from '@/design';

/** A browser has no health store: its export is imported as a file. */
export function HealthCard() {
  const { t } = useTranslation();
  return (
    <ListRow href="/activities" label={t('phoneHealth.fileTitle')}>
      <Box gap="xxs">
        <Text variant="bodyStrong">{t('phoneHealth.fileTitle')}</Text>
        <Text variant="caption" tone="textSecondary">
          {t('phoneHealth.fileCaption')}
        </Text>
      </Box>
    </ListRow>
  );
}
