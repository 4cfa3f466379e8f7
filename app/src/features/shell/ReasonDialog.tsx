import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Banner, Box, Button, Dialog, Row, Text, TextField } from '@/design';

import { useErrorText } from './useErrorText';

const SHORTEST = 3;

/** Asks before something is decided for others, and why; the reason is kept. */
export function ReasonDialog({
  title,
  body,
  hint,
  confirmLabel,
  danger,
  open,
  busy,
  error,
  onConfirm,
  onClose,
}: {
  title: string;
  body: string;
  hint: string;
  confirmLabel: string;
  danger?: boolean;
  open: boolean;
  busy: boolean;
  error: Error | null;
  onConfirm: (reason: string) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [reason, setReason] = useState('');
  return (
    <Dialog title={title} open={open} onClose={onClose}>
      <Box gap="l">
        {error ? <Banner tone="danger" urgent title={errorText(error).message} /> : null}
        <Text>{body}</Text>
        <TextField
          label={t('reason.label')}
          hint={hint}
          value={reason}
          onChangeText={setReason}
          multiline
          maxLength={500}
        />
        <Row gap="s" justify="flex-end" wrap>
          <Button label={t('action.cancel')} variant="quiet" onPress={onClose} />
          <Button
            label={confirmLabel}
            variant={danger ? 'danger' : 'primary'}
            disabled={reason.trim().length < SHORTEST}
            busy={busy}
            onPress={() => onConfirm(reason.trim())}
          />
        </Row>
      </Box>
    </Dialog>
  );
}
