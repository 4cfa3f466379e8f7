import { useTranslation } from 'react-i18next';

import { Box, Checkbox, Text } from '@/design';
import { hostOf } from '@/lib/tiles';

import { useMapChoice, useOfferedTiles } from './tiles';

/** Turns maps below routes on and off for this device, where the operator offers them, and says who learns what by it. */
export function MapChoice() {
  const { t } = useTranslation();
  const offered = useOfferedTiles();
  const [isWanted, choose] = useMapChoice();
  if (offered === null) return null;
  const host = hostOf(offered.url_template);
  return (
    <Box gap="xs">
      <Checkbox label={t('maps.choice')} checked={isWanted} onChange={choose} />
      <Text variant="caption" tone="textSecondary">
        {t('maps.note', { host })}
      </Text>
    </Box>
  );
}
