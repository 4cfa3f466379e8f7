import { useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';

import { Banner, Box, Button, Card, Row, Text } from '@/design';
import { chooser, type Found } from '@/live/sensors/chooser';
import type { SensorKind } from '@/live/sensors/gatt';

/** The sensors that the phone hears, to choose one of; a browser shows a list of its own. */
export function SensorSheet({ kind }: { kind: SensorKind }) {
  const { t } = useTranslation();
  const choice = useSyncExternalStore(chooser.subscribe, chooser.snapshot);
  useEffect(() => () => chooser.dismiss(kind), [kind]);
  if (choice?.kind !== kind) return null;
  return (
    <Card title={t('workout.sensors.title')}>
      <Box gap="s" aria-live="polite">
        {choice.problem === null ? (
          <Text tone="textSecondary">{t('workout.sensors.looking')}</Text>
        ) : (
          <Banner tone="warning" title={t(`workout.sensors.problems.${choice.problem}`)} />
        )}
        {choice.found.map((found) => (
          <Heard key={found.id} found={found} />
        ))}
        <Row>
          <Button label={t('workout.sensors.cancel')} variant="quiet" onPress={() => chooser.dismiss(kind)} />
        </Row>
      </Box>
    </Card>
  );
}

function Heard({ found: { id, name, signal } }: { found: Found }) {
  const { t } = useTranslation();
  const shown = name === '' ? t('workout.sensors.unnamed') : name;
  const strength = signal === null ? '' : t(`workout.sensors.signals.${signal}`);
  const words = strength === '' ? shown : t('workout.sensors.named', { name: shown, signal: strength });
  return <Button label={words} icon="devices" variant="secondary" onPress={() => chooser.choose(id)} />;
}
