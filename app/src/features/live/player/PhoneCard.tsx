import { useTranslation } from 'react-i18next';
import { Platform } from 'react-native';

import { Banner, Box, Button, Text } from '@/design';
import { useFormat } from '@/i18n/useFormat';
import { WORST_ACCURACY_M } from '@/live/sensors/gps';
import { hasPlaces } from '@/live/sensors/place';
import { hasShakes } from '@/live/sensors/shake';

import type { Phone } from './usePhone';

const OUTDOORS: readonly string[] = ['running', 'cycling', 'walking', 'hiking'];
const ON_FOOT: readonly string[] = ['running', 'walking', 'hiking'];

/** What the phone asks for and refuses is said by the browser, or by the system. */
const WHERE = Platform.OS === 'web' ? 'workout.phone' : 'workout.phone.app';

/** Have the phone record the route and count the steps, and what a browser cannot do of it. */
export function PhoneCard({ sport, phone }: { sport: string; phone: Phone }) {
  const canRoute = OUTDOORS.includes(sport) && hasPlaces();
  const canCount = ON_FOOT.includes(sport) && hasShakes();
  if (!canRoute && !canCount) return null;
  return (
    <Box gap="s">
      {canRoute ? <Route phone={phone} /> : null}
      {canCount ? <Steps phone={phone} /> : null}
    </Box>
  );
}

function Route({ phone: { place, accuracyM, isAwake, recordRoute } }: { phone: Phone }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (place === null)
    return (
      <Box gap="xs" align="flex-start">
        <Button
          label={t('workout.phone.route')}
          icon="activities"
          variant="secondary"
          onPress={recordRoute}
        />
        <Text variant="caption" tone="textSecondary">
          {t(`${WHERE}.routeHint`)}
        </Text>
      </Box>
    );
  if (place === 'denied') return <Banner tone="warning" title={t(`${WHERE}.denied`)} />;
  const accuracy = format.elevation(accuracyM)?.text ?? '';
  const isPoor = accuracyM !== null && accuracyM > WORST_ACCURACY_M;
  return (
    <Box gap="xs">
      {place === 'found' && !isPoor ? (
        <Text tone="successText">{t('workout.phone.recording', { accuracy })}</Text>
      ) : (
        <Text tone="textSecondary">
          {isPoor ? t('workout.phone.poor', { accuracy }) : t('workout.phone.waiting')}
        </Text>
      )}
      <Text variant="caption" tone="textSecondary">
        {isAwake ? t(`${WHERE}.front`) : t(`${WHERE}.notAwake`)}
      </Text>
    </Box>
  );
}

function Steps({ phone: { steps, countSteps } }: { phone: Phone }) {
  const { t } = useTranslation();
  if (steps === 'denied') return <Banner tone="warning" title={t(`${WHERE}.stepsDenied`)} />;
  if (steps === 'listening') return <Text tone="successText">{t('workout.phone.stepsOn')}</Text>;
  return (
    <Box align="flex-start">
      <Button label={t('workout.phone.steps')} variant="secondary" onPress={() => void countSteps()} />
    </Box>
  );
}
