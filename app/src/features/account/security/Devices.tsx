import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { Device } from '@/api/types';
import { Badge, Banner, Box, Button, Card, Row, Text, useToast } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

/** Where the account is signed in, and the way to end that. */
export function Devices({ devices }: { devices: readonly Device[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const client = useQueryClient();
  const toast = useToast();
  const signOut = useMutation({
    mutationFn: (id: string | null) =>
      id === null
        ? answer(api().DELETE('/api/v1/accounts/me/devices'))
        : answer(
            api().DELETE('/api/v1/accounts/me/devices/{device_id}', { params: { path: { device_id: id } } }),
          ),
    onSuccess: () => toast(t('security.devicesSignedOut')),
    onSettled: () => client.invalidateQueries({ queryKey: keys.security }),
  });
  const others = devices.filter((device) => !device.is_this_one);
  return (
    <Card title={t('security.devices')}>
      {signOut.error ? <Banner tone="danger" urgent title={errorText(signOut.error).message} /> : null}
      <Box gap="m" role="list">
        {devices.map((device) => {
          const name = device.name ?? t('security.unknownDevice');
          return (
            <Row key={device.id} role="listitem" gap="m" justify="space-between" wrap>
              <Box gap="xs" shrink>
                <Row gap="s" wrap>
                  <Text strong>{name}</Text>
                  {device.is_this_one ? <Badge label={t('security.thisDevice')} tone="info" /> : null}
                </Row>
                <Text variant="caption" tone="textSecondary">
                  {t('security.lastSeen', { when: format.instant(device.last_seen_at) })}
                </Text>
              </Box>
              {device.is_this_one ? null : (
                <Button
                  label={t('security.signOutShort')}
                  accessibilityLabel={t('security.signOutDevice', { name })}
                  variant="secondary"
                  small
                  busy={signOut.isPending && signOut.variables === device.id}
                  onPress={() => signOut.mutate(device.id)}
                />
              )}
            </Row>
          );
        })}
      </Box>
      {others.length > 1 ? (
        <Button
          label={t('security.signOutOthers')}
          variant="quiet"
          flush="start"
          busy={signOut.isPending && signOut.variables === null}
          onPress={() => signOut.mutate(null)}
        />
      ) : null}
    </Card>
  );
}
