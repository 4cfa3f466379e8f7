import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Banner, Box, Button, Text } from '@/design';
import { hasStraps, type StrapState } from '@/live/sensors/strap';

import { SensorSheet } from './SensorSheet';

/** Choose a heart-rate strap, and how the connection is. */
export function StrapCard({
  state,
  onConnect,
}: {
  state: StrapState | null;
  onConnect: () => Promise<void>;
}) {
  const { t } = useTranslation();
  const [failed, setFailed] = useState(false);
  if (!hasStraps()) return null;
  if (state === 'connected') return <Text tone="successText">{t('workout.strap.connected')}</Text>;
  if (state === 'connecting') return <Text tone="textSecondary">{t('workout.strap.connecting')}</Text>;
  if (state === 'lost') return <Banner tone="warning" title={t('workout.strap.lost')} />;
  return (
    <Box gap="s" align="flex-start">
      <Button
        label={t('workout.strap.connect')}
        icon="devices"
        variant="secondary"
        onPress={() => {
          setFailed(false);
          onConnect().catch(() => setFailed(true));
        }}
      />
      <SensorSheet kind="heartRate" />
      {failed ? <Text tone="dangerText">{t('workout.strap.failed')}</Text> : null}
    </Box>
  );
}
