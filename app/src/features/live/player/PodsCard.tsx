import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Banner, Box, Button, Row, Text, TextField } from '@/design';
import type { PodKind } from '@/live/sensors/pods';
import { hasSensors } from '@/live/sensors/sensor';

import { SensorSheet } from '../SensorSheet';
import { isWheel, type PodStates } from './usePods';

const KINDS: Partial<Record<string, readonly PodKind[]>> = {
  running: ['runningSpeedCadence'],
  walking: ['runningSpeedCadence'],
  hiking: ['runningSpeedCadence'],
  cycling: ['cyclingPower', 'cyclingSpeedCadence'],
};

type Props = {
  sport: string;
  states: PodStates;
  onConnect: (kind: PodKind) => Promise<void>;
  /** Null = no sensor counts the turns of a wheel. */
  wheelMm: number | null;
  onWheel: (mm: number) => void;
};

/** Choose the sensors that a sport has, and how their connections are. */
export function PodsCard({ sport, states, onConnect, wheelMm, onWheel }: Props) {
  const { t } = useTranslation();
  const kinds = KINDS[sport] ?? [];
  if (!hasSensors() || kinds.length === 0) return null;
  return (
    <Box gap="s">
      {kinds.map((kind) => {
        const name = t(`workout.pods.${kind}`);
        const state = states[kind];
        if (state === 'connected')
          return (
            <Text key={kind} tone="successText">
              {t('workout.pods.connected', { name })}
            </Text>
          );
        if (state === 'connecting')
          return (
            <Text key={kind} tone="textSecondary">
              {t('workout.pods.connecting', { name })}
            </Text>
          );
        if (state === 'lost')
          return <Banner key={kind} tone="warning" title={t('workout.pods.lost', { name })} />;
        return (
          <Box key={kind} gap="s" align="flex-start">
            <Button
              label={t('workout.pods.connect', { name })}
              icon="devices"
              variant="secondary"
              onPress={() => void onConnect(kind)}
            />
            <SensorSheet kind={kind} />
            {state === 'failed' ? <Text tone="dangerText">{t('workout.pods.failed', { name })}</Text> : null}
          </Box>
        );
      })}
      {wheelMm === null ? null : <Wheel wheelMm={wheelMm} onWheel={onWheel} />}
    </Box>
  );
}

function Wheel({ wheelMm, onWheel }: { wheelMm: number; onWheel: (mm: number) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const isRight = typed === null || isWheel(Number(typed));
  return (
    <Row>
      <Box width={220}>
        <TextField
          label={t('workout.pods.wheel')}
          hint={t('workout.pods.wheelHint')}
          error={isRight ? undefined : t('workout.pods.wheelWrong')}
          value={typed ?? String(wheelMm)}
          onChangeText={(text) => {
            setTyped(text);
            onWheel(Number(text));
          }}
          inputMode="numeric"
          suffix="mm"
        />
      </Box>
    </Row>
  );
}
