import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Banner, Box, Button, Dialog, Row, TextField } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

/** Asks for the password before something changes that guards the account. */
export function PasswordProofDialog({
  title,
  confirmLabel,
  open,
  busy,
  error,
  onConfirm,
  onClose,
}: {
  title: string;
  confirmLabel: string;
  open: boolean;
  busy: boolean;
  error: Error | null;
  onConfirm: (password: string) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [password, setPassword] = useState('');
  const confirm = () => {
    if (password !== '' && !busy) onConfirm(password);
  };
  return (
    <Dialog title={title} open={open} onClose={onClose}>
      <Box gap="l">
        {error ? <Banner tone="danger" urgent title={errorText(error).message} /> : null}
        <TextField
          label={t('security.proof')}
          value={password}
          onChangeText={setPassword}
          autoComplete="current-password"
          secureTextEntry
          onSubmitEditing={confirm}
        />
        <Row gap="s" justify="flex-end">
          <Button label={t('action.cancel')} variant="quiet" onPress={onClose} />
          <Button label={confirmLabel} busy={busy} disabled={password === ''} onPress={confirm} />
        </Row>
      </Box>
    </Dialog>
  );
}
