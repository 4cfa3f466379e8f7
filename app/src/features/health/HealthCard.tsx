import { useTranslation } from 'react-i18next';

import { Badge, Banner, Box, Button, Card, Row, Text, type Tone, useToast } from '@/design';
import { ConsentGate } from '@/features/consents/ConsentGate';
import { type HealthPurpose, useMissingConsents } from '@/features/consents/consents';
import { useFormat } from '@/i18n/useFormat';
import { QueryState } from '@/features/shell/QueryState';
import { isOn, kindState } from '@/health/reading';
import { healthStore } from '@/health/source';
import { type HealthKind, healthKinds, type HealthStore } from '@/health/types';

import {
  type KindShown,
  type PhoneHealth,
  shown,
  useDisconnectHealth,
  useOwner,
  usePhoneHealth,
  useReadHealth,
  useTurnKind,
} from './useHealth';

const tones: Record<KindShown, Tone> = {
  off: 'neutral',
  read: 'success',
  not_read_yet: 'info',
  refused: 'warning',
  not_taken: 'danger',
};
const purposes: Record<HealthKind, HealthPurpose> = {
  workouts: 'training_diary',
  heart_rate: 'training_diary',
  routes: 'training_diary',
  resting_hr: 'body_and_wellness',
  hrv: 'body_and_wellness',
  sleep: 'body_and_wellness',
  body_mass: 'body_and_wellness',
};

const asked: readonly HealthPurpose[] = ['training_diary', 'body_and_wellness'];

/** What the health store of this phone may give, kind by kind. */
export function HealthCard() {
  const owner = useOwner();
  return healthStore === null || owner === null ? null : <StoreCard store={healthStore} owner={owner} />;
}

function StoreCard({ store, owner }: { store: HealthStore; owner: string }) {
  const { t } = useTranslation();
  const health = usePhoneHealth(store, owner);
  const name = t(`phoneHealth.store.${store.name}`);
  return (
    <Card
      title={t('phoneHealth.title')}
      caption={t('phoneHealth.caption', { name, days: store.days })}
      testID="phone-health"
    >
      <QueryState query={health} skeleton={{ count: 3, height: 60 }}>
        {(found) =>
          found.availability === 'ready' ? (
            <Ready store={store} owner={owner} health={found} />
          ) : (
            <Banner tone="warning" title={t(`phoneHealth.${found.availability}`, { name })} />
          )
        }
      </QueryState>
    </Card>
  );
}

function Ready({ store, owner, health }: { store: HealthStore; owner: string; health: PhoneHealth }) {
  const { t } = useTranslation();
  const toast = useToast();
  const read = useReadHealth(store, owner);
  const end = useDisconnectHealth(owner);
  const missing = useMissingConsents(asked) ?? asked;
  const start = () =>
    read.mutate(undefined, {
      onSuccess: ({ waiting }) => toast(t(waiting > 0 ? 'phoneHealth.waits' : 'phoneHealth.done')),
    });
  return (
    <Box gap="l">
      {read.error ? (
        <Banner tone="danger" urgent title={t('phoneHealth.failed')}>
          {t('phoneHealth.failedBody')}
        </Banner>
      ) : null}
      <Box gap="m" role="list">
        {healthKinds
          .filter((kind) => !missing.includes(purposes[kind]))
          .map((kind) => (
            <Kind key={kind} kind={kind} store={store} owner={owner} health={health} />
          ))}
      </Box>
      <ConsentGate purposes={missing} level={3}>
        {null}
      </ConsentGate>
      {store.name === 'apple_health' ? (
        <Text variant="caption" tone="textSecondary">
          {t('phoneHealth.appleSilent')}
        </Text>
      ) : null}
      <Row gap="s" wrap>
        {isOn(health.state) ? (
          <>
            <Button label={t('phoneHealth.readNow')} busy={read.isPending} onPress={start} />
            <Button
              label={t('phoneHealth.disconnect')}
              variant="quiet"
              busy={end.isPending}
              onPress={() => end.mutate(undefined, { onSuccess: () => toast(t('phoneHealth.disconnected')) })}
            />
          </>
        ) : null}
        <Button
          label={t('phoneHealth.openSettings')}
          variant="secondary"
          onPress={() => store.openSettings()}
        />
      </Row>
    </Box>
  );
}

function Kind({
  kind,
  store,
  owner,
  health,
}: {
  kind: HealthKind;
  store: HealthStore;
  owner: string;
  health: PhoneHealth;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const change = useTurnKind(store, owner);
  const state = shown(health, kind);
  const { on, readAt } = kindState(health.state, kind);
  const name = t(`phoneHealth.kind.${kind}`);
  return (
    <Box role="listitem" gap="xs">
      <Row gap="m" justify="space-between" wrap>
        <Row gap="s" wrap>
          <Text strong>{name}</Text>
          <Badge label={t(`phoneHealth.state.${state}`)} tone={tones[state]} />
        </Row>
        <Button
          label={t(on ? 'phoneHealth.stop' : 'phoneHealth.allow')}
          accessibilityLabel={t(on ? 'phoneHealth.stopNamed' : 'phoneHealth.allowNamed', { name })}
          variant={on ? 'quiet' : 'secondary'}
          small
          busy={change.isPending}
          onPress={() => change.mutate({ kind, on: !on })}
        />
      </Row>
      <Text variant="caption" tone="textSecondary">
        {t(`phoneHealth.why.${kind}`)}
      </Text>
      {on && readAt !== null ? (
        <Text variant="micro" tone="textSecondary">
          {t('phoneHealth.lastRead', { when: format.instant(readAt) })}
        </Text>
      ) : null}
      {change.error ? <Banner tone="danger" urgent title={t('phoneHealth.failed')} /> : null}
      {state === 'refused' ? <Banner tone="warning" title={t('phoneHealth.refusedBody', { name })} /> : null}
      {state === 'not_taken' ? (
        <Banner
          tone="danger"
          title={t('phoneHealth.notTakenBody', { purpose: t(`consent.name.${purposes[kind]}`) })}
        />
      ) : null}
    </Box>
  );
}
