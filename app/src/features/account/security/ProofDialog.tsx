import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Banner, Box, Button, Dialog, Row, TextField } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { type Proof, usePasskeyProof } from './usePasskeyProof';

/** Asks for the password or a passkey before something changes that guards the account. */
export function ProofDialog({
  title,
  confirmLabel,
  open,
  busy,
  error,
  danger,
  ready = true,
  children,
  onConfirm,
  onClose,
}: {
  title: string;
  confirmLabel: string;
  open: boolean;
  busy: boolean;
  error: Error | null;
  danger?: boolean;
  /** Whether everything else that the dialog asks for has been said. */
  ready?: boolean;
  children?: ReactNode;
  onConfirm: (proof: Proof) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [password, setPassword] = useState('');
  const passkey = usePasskeyProof(onConfirm);
  const confirm = () => {
    if (password !== '' && ready && !busy) onConfirm({ password });
  };
  const problem = passkey.error ?? error;
  return (
    <Dialog title={title} open={open} onClose={onClose}>
      <Box gap="l">
        {problem ? <Banner tone="danger" urgent title={errorText(problem).message} /> : null}
        {children}
        <TextField
          label={t('security.proof')}
          value={password}
          onChangeText={setPassword}
          autoComplete="current-password"
          secureTextEntry
          onSubmitEditing={confirm}
        />
        {passkey.offered ? (
          <Button
            label={t('security.proofPasskey')}
            variant="quiet"
            flush="start"
            busy={passkey.busy}
            disabled={!ready}
            onPress={passkey.ask}
          />
        ) : null}
        <Row gap="s" justify="flex-end">
          <Button label={t('action.cancel')} variant="quiet" onPress={onClose} />
          <Button
            label={confirmLabel}
            variant={danger ? 'danger' : 'primary'}
            busy={busy}
            disabled={password === '' || !ready}
            onPress={confirm}
          />
        </Row>
      </Box>
    </Dialog>
  );
}
