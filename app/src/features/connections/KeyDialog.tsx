import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { ProviderOffer } from '@/api/types';
import { Banner, Box, Button, DateField, Dialog, Row, Text, TextField } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { isDay } from './gaps';
import { useConnect } from './useConnections';

const knownHints = ['intervals', 'garmin'] as const;

/** Takes a personal key that the athlete made at the service. */
export function KeyDialog({
  offer,
  open,
  onClose,
}: {
  offer: ProviderOffer;
  open: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const connect = useConnect(offer.provider);
  const [key, setKey] = useState('');
  const [since, setSince] = useState('');
  const [tried, setTried] = useState(false);
  const wrong = since !== '' && !isDay(since);
  const hint = knownHints.find((one) => one === offer.provider) ?? 'other';
  const send = () => {
    setTried(true);
    if (key.trim() === '' || wrong) return;
    connect.mutate({ key: key.trim(), since: since === '' ? null : since });
  };
  const problem = connect.error ? errorText(connect.error) : null;
  return (
    <Dialog title={t('devices.keyTitle', { name: offer.name })} open={open} onClose={onClose}>
      <Box gap="l">
        {problem ? (
          <Banner tone="danger" urgent title={problem.message}>
            {problem.remedy ?? undefined}
          </Banner>
        ) : null}
        <TextField
          label={t('devices.key')}
          hint={t(`devices.keyHint.${hint}`)}
          value={key}
          onChangeText={setKey}
          secureTextEntry
          autoCapitalize="none"
          autoCorrect={false}
          autoComplete="off"
        />
        <DateField
          label={t('devices.since')}
          value={since}
          min="1990-01-01"
          error={tried && wrong ? t('devices.sinceWrong') : null}
          onChange={setSince}
        />
        <Text variant="caption" tone="textSecondary">
          {t('devices.sinceHint')} {t('devices.keySafe')}
        </Text>
        <Row gap="s" justify="flex-end">
          <Button label={t('action.cancel')} variant="quiet" onPress={onClose} />
          <Button label={t('devices.connect')} busy={connect.isPending} onPress={send} />
        </Row>
      </Box>
    </Dialog>
  );
}
