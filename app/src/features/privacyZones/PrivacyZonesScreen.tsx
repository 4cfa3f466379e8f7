import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import { Box, Button, Card, Columns, Row, Screen, Text, useToast } from '@/design';
import { ConfirmDialog } from '@/features/shell/ConfirmDialog';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';

import { AddZone } from './AddZone';
import { type PrivacyZone, privacyZonesQuery } from './zoneQueries';

const hiddenFrom = ['coaches', 'posts', 'larger'] as const;
const notHidden = ['you', 'files', 'services', 'totals', 'server'] as const;

/** Places that others do not see: which there are, a new one, and what exactly is hidden from whom. */
export function PrivacyZonesScreen() {
  const { t } = useTranslation();
  const zones = useQuery(privacyZonesQuery());
  return (
    <Screen
      title={t('zones.title')}
      subtitle={t('zones.subtitle')}
      back={{ href: '/profile', label: t('profile.title') }}
    >
      <Columns
        main={
          <QueryState query={zones} skeleton={{ count: 2, height: 180 }}>
            {({ items }) => (
              <>
                <Zones zones={items} />
                <AddZone zones={items} />
              </>
            )}
          </QueryState>
        }
        aside={<WhatIsHidden />}
      />
    </Screen>
  );
}

function Zones({ zones }: { zones: readonly PrivacyZone[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const toast = useToast();
  const client = useQueryClient();
  const [asked, setAsked] = useState<PrivacyZone | null>(null);
  const remove = useMutation({
    mutationFn: (zone_id: string) =>
      answer(api().DELETE('/api/v1/athletes/me/privacy-zones/{zone_id}', { params: { path: { zone_id } } })),
    onSuccess: () => {
      setAsked(null);
      void client.invalidateQueries({ queryKey: keys.privacyZones });
      toast(t('zones.deleted'));
    },
  });
  return (
    <Card title={t('zones.yours')}>
      {zones.length === 0 ? (
        <Text tone="textSecondary">{t('zones.none')}</Text>
      ) : (
        <Box gap="m" role="list" aria-label={t('zones.yours')}>
          {zones.map((zone) => (
            <Row key={zone.id} gap="m" justify="space-between" role="listitem">
              <Box shrink>
                <Text variant="bodyStrong" anywhere>
                  {zone.name}
                </Text>
                <Text variant="caption" tone="textSecondary">
                  {t('zones.about', {
                    radius: format.elevation(zone.radius_m)?.text ?? '',
                    day: format.instant(zone.created_at, { dateStyle: 'medium' }),
                  })}
                </Text>
              </Box>
              <Button
                label={t('zones.delete')}
                accessibilityLabel={t('zones.deleteOf', { name: zone.name })}
                variant="secondary"
                small
                onPress={() => setAsked(zone)}
              />
            </Row>
          ))}
        </Box>
      )}
      <ConfirmDialog
        title={t('zones.deleteTitle', { name: asked?.name ?? '' })}
        body={t('zones.deleteText')}
        confirmLabel={t('zones.delete')}
        open={asked !== null}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => asked && remove.mutate(asked.id)}
        onClose={() => setAsked(null)}
      />
    </Card>
  );
}

function WhatIsHidden() {
  const { t } = useTranslation();
  return (
    <Card title={t('zones.what')}>
      <Box gap="s" role="list">
        {hiddenFrom.map((part) => (
          <Text key={part} role="listitem">
            {t(`zones.hidden.${part}`)}
          </Text>
        ))}
      </Box>
      <Text variant="label" level={3}>
        {t('zones.notHiddenTitle')}
      </Text>
      <Box gap="s" role="list">
        {notHidden.map((part) => (
          <Text key={part} role="listitem">
            {t(`zones.notHidden.${part}`)}
          </Text>
        ))}
      </Box>
    </Card>
  );
}
