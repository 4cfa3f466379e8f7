import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Connection, ProviderOffer } from '@/api/types';
import { Badge, Banner, Box, Button, Card, ProgressBar, Row, Text } from '@/design';
import { ConsentGate } from '@/features/consents/ConsentGate';
import type { HealthPurpose } from '@/features/consents/consents';
import { useErrorText, useServerWords } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import { healthOf, healthTone } from './health';
import { KeyDialog } from './KeyDialog';
import { useAuthorize, useConnect } from './useConnections';
import { useServiceName } from './words';

/** What the athlete has to agree to before the service may deliver it. */
function needed(offer: ProviderOffer): HealthPurpose[] {
  return [
    ...(offer.kinds.includes('activities') ? (['training_diary'] as const) : []),
    ...(offer.kinds.includes('wellness') ? (['body_and_wellness'] as const) : []),
  ];
}

/** One service: how it is doing, or how to connect it. */
export function ServiceCard({ offer }: { offer: ProviderOffer }) {
  const { t } = useTranslation();
  const { connection } = offer;
  const name = useServiceName()(offer.provider, offer.name);
  const kinds = offer.kinds.map((kind) => t(`devices.kind.${kind}`)).join(' · ');
  return (
    <Card title={name} caption={kinds} level={3}>
      {connection ? <State connection={connection} /> : null}
      {offer.is_restricted ? (
        <Text variant="caption" tone="textSecondary">
          {t('devices.restricted', { name: offer.name })}
        </Text>
      ) : null}
      {offer.history_days !== null && !connection ? (
        <Text variant="caption" tone="textSecondary">
          {t('devices.historyDays', { name: offer.name, days: offer.history_days })}
        </Text>
      ) : null}
      {!connection || connection.state === 'needs_sign_in' ? (
        <ConsentGate purposes={needed(offer)} level={3}>
          <Connect offer={offer} again={connection !== null} />
        </ConsentGate>
      ) : null}
    </Card>
  );
}

function State({ connection }: { connection: Connection }) {
  const { t } = useTranslation();
  const format = useFormat();
  const health = healthOf(connection);
  return (
    <>
      <Row gap="s" wrap>
        <Badge label={t(`devices.state.${health}`)} tone={healthTone[health]} />
        {connection.last_success_at ? (
          <Text variant="caption" tone="textSecondary">
            {t('devices.lastSuccess')}: {format.instant(connection.last_success_at)}
          </Text>
        ) : null}
      </Row>
      <RunProgress connection={connection} />
      <SyncProblem connection={connection} />
      <Button
        href={`/devices/${connection.id}`}
        label={t('devices.details')}
        accessibilityLabel={t('devices.detailsNamed', { name: connection.provider_name })}
        variant="secondary"
        small
      />
    </>
  );
}

/** How far the current fetch is. */
export function RunProgress({ connection }: { connection: Connection }) {
  const { t } = useTranslation();
  const { run } = connection;
  if (!run) return null;
  const label = t('devices.progress', {
    kind: t(`devices.run.${run.kind}`),
    percent: Math.round(run.progress * 100),
  });
  return (
    <Box gap="xs">
      <Text variant="caption" tone="textSecondary">
        {label}
      </Text>
      <ProgressBar label={label} value={run.progress} />
    </Box>
  );
}

/** What failed, why, and what to do. */
export function SyncProblem({ connection }: { connection: Connection }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useServerWords();
  const { error, run } = connection;
  if (!error) return null;
  const { message, remedy } = words(error.code, error.message, error.remedy ?? null);
  const retry = run?.retry_at ? t('devices.retryAt', { when: format.instant(run.retry_at) }) : null;
  const tone = healthTone[healthOf(connection)];
  return (
    <Banner tone={tone === 'success' ? 'warning' : tone} title={message}>
      {[remedy, retry].filter(Boolean).join(' ') || undefined}
    </Banner>
  );
}

export function Connect({ offer, again }: { offer: ProviderOffer; again: boolean }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const authorize = useAuthorize(offer.provider);
  const connect = useConnect(offer.provider);
  const [keyOpen, setKeyOpen] = useState(false);
  const failure = authorize.error ?? (keyOpen ? null : connect.error);
  const problem = failure ? errorText(failure) : null;
  const label = again ? t('devices.connectAgain') : t('devices.connect');
  const service = useServiceName()(offer.provider, offer.name);
  const name = t('devices.connectNamed', { name: service });
  return (
    <Box gap="s">
      {problem ? (
        <Banner tone="danger" urgent title={problem.message}>
          {problem.remedy ?? undefined}
        </Banner>
      ) : null}
      {offer.sign_in.includes('folder') ? (
        <Text variant="caption" tone="textSecondary">
          {t('devices.folderHint')}
        </Text>
      ) : null}
      <Row gap="s" wrap>
        {offer.sign_in.includes('oauth') ? (
          <Button
            label={label}
            accessibilityLabel={name}
            busy={authorize.isPending}
            onPress={() => authorize.mutate(null)}
          />
        ) : null}
        {offer.sign_in.includes('key') ? (
          <Button
            label={t('devices.withKey')}
            accessibilityLabel={t('devices.withKeyNamed', { name: offer.name })}
            variant={offer.sign_in.includes('oauth') ? 'secondary' : 'primary'}
            onPress={() => setKeyOpen(true)}
          />
        ) : null}
        {offer.sign_in.includes('folder') ? (
          <Button
            label={label}
            accessibilityLabel={name}
            busy={connect.isPending}
            onPress={() => connect.mutate('folder')}
          />
        ) : null}
      </Row>
      <KeyDialog offer={offer} open={keyOpen} onClose={() => setKeyOpen(false)} />
    </Box>
  );
}
