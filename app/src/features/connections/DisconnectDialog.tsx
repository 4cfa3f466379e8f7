import { useRouter } from 'expo-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Connection } from '@/api/types';
import { Banner, Box, Button, Checkbox, Dialog, Row, Text, useToast } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { useDisconnect } from './useConnections';

/** Asks before the permission goes back, and what happens to what was delivered. */
export function DisconnectDialog({
  connection,
  open,
  onClose,
}: {
  connection: Connection;
  open: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const toast = useToast();
  const router = useRouter();
  const [deletes, setDeletes] = useState(false);
  const name = connection.provider_name;
  const disconnect = useDisconnect(connection.id, () => {
    toast(t('devices.disconnected', { name }));
    router.replace('/devices');
  });
  return (
    <Dialog title={t('devices.disconnectTitle', { name })} open={open} onClose={onClose}>
      <Box gap="l">
        {disconnect.error ? (
          <Banner tone="danger" urgent title={errorText(disconnect.error).message} />
        ) : null}
        <Text>{t('devices.disconnectBody')}</Text>
        <Checkbox label={t('devices.deleteData')} checked={deletes} onChange={setDeletes} />
        <Row gap="s" justify="flex-end">
          <Button label={t('action.cancel')} variant="quiet" onPress={onClose} />
          <Button
            label={t('devices.disconnect')}
            variant="danger"
            busy={disconnect.isPending}
            onPress={() => disconnect.mutate(deletes ? 'delete' : 'keep')}
          />
        </Row>
      </Box>
    </Dialog>
  );
}
