import { useQuery } from '@tanstack/react-query';
import { useLocalSearchParams } from 'expo-router';
import { useTranslation } from 'react-i18next';

import { connectionsQuery } from '@/api/queries';
import type { Connections, ProviderOffer } from '@/api/types';
import { Box, Button, EmptyState, Grid, ListRow, Screen, Text } from '@/design';
import { HealthCard } from '@/features/health/HealthCard';
import { QueryState } from '@/features/shell/QueryState';

import { ServiceCard } from './ServiceCard';
import { useServiceName } from './words';

/** The services that this server offers, connected or not. */
export function DevicesScreen() {
  const { t } = useTranslation();
  const connections = useQuery(connectionsQuery());
  const isSettingUp = useLocalSearchParams<{ from?: string }>().from === 'welcome';
  return (
    <Screen
      title={t('devices.title')}
      subtitle={t('devices.subtitle')}
      back={
        isSettingUp
          ? { href: '/welcome?step=history', label: t('welcome.return') }
          : { href: '/profile', label: t('profile.title') }
      }
      onRefresh={() => void connections.refetch()}
      refreshing={connections.isRefetching}
    >
      <QueryState query={connections} skeleton={{ count: 3, height: 140 }}>
        {(body) => <Services body={body} />}
      </QueryState>
      <HealthCard />
      <ListRow href="/devices/sources" label={t('sourceOrder.open')}>
        <Box gap="xxs">
          <Text variant="bodyStrong">{t('sourceOrder.open')}</Text>
          <Text variant="caption" tone="textSecondary">
            {t('sourceOrder.openCaption')}
          </Text>
        </Box>
      </ListRow>
    </Screen>
  );
}

function Services({ body }: { body: Connections }) {
  const { t } = useTranslation();
  const nameOf = useServiceName();
  const connected = body.providers.filter((offer) => offer.connection !== null);
  const available = body.providers.filter((offer) => offer.connection === null);
  if (body.providers.length === 0) {
    return (
      <EmptyState
        icon="devices"
        title={t('devices.nothingTitle')}
        action={<Button href="/activities" label={t('nav.activities')} />}
      >
        {t('devices.nothingBody')}
      </EmptyState>
    );
  }
  return (
    <>
      <Section title={t('devices.connected')} offers={connected} />
      <Section title={t('devices.available')} offers={available} />
      {body.not_set_up.length > 0 ? (
        <Text variant="caption" tone="textSecondary">
          {t('devices.notSetUp', {
            names: body.not_set_up.map((one) => nameOf(one.provider, one.name)).join(', '),
          })}
        </Text>
      ) : null}
    </>
  );
}

function Section({ title, offers }: { title: string; offers: readonly ProviderOffer[] }) {
  if (offers.length === 0) return null;
  return (
    <Box gap="m">
      <Text variant="heading" level={2}>
        {title}
      </Text>
      <Grid minWidth={320}>
        {offers.map((offer) => (
          <ServiceCard key={offer.provider} offer={offer} />
        ))}
      </Grid>
    </Box>
  );
}
