import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { Badge, Banner, Button, Card, Row, Text, TextField, useToast } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { ProofDialog } from './ProofDialog';
import type { Proof } from './usePasskeyProof';

/** The address of the account: whether it is proven, and the way to another. */
export function Address({ email, verified }: { email: string; verified: boolean }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const toast = useToast();
  const [next, setNext] = useState('');
  const [asking, setAsking] = useState(false);
  const [wrong, setWrong] = useState(false);
  const resend = useMutation({
    mutationFn: () => answer(api().POST('/api/v1/accounts/me/email-verifications')),
    onSuccess: () => toast(t('security.resent')),
  });
  const change = useMutation({
    mutationFn: (proof: Proof) =>
      answer(api().PUT('/api/v1/accounts/me/email', { body: { email: next.trim(), ...proof } })),
    onSuccess: () => setAsking(false),
  });
  const ask = () => {
    const valid = /^\S+@\S+\.\S+$/.test(next.trim());
    setWrong(!valid);
    change.reset();
    if (valid) setAsking(true);
  };
  return (
    <Card title={t('security.address')}>
      <Row gap="s" wrap>
        <Text>{email}</Text>
        <Badge
          label={verified ? t('security.confirmed') : t('security.notConfirmed')}
          tone={verified ? 'success' : 'warning'}
        />
      </Row>
      {resend.error ? <Banner tone="danger" urgent title={errorText(resend.error).message} /> : null}
      {verified ? null : (
        <Button
          label={t('security.resend')}
          variant="quiet"
          flush="start"
          small
          busy={resend.isPending}
          onPress={() => resend.mutate()}
        />
      )}
      {change.isSuccess ? (
        <Banner tone="info" urgent title={t('security.changeSent', { email: next.trim() })} />
      ) : null}
      <TextField
        label={t('security.newAddress')}
        value={next}
        onChangeText={setNext}
        autoComplete="email"
        autoCapitalize="none"
        inputMode="email"
        error={wrong ? t('account.emailInvalid') : null}
        onSubmitEditing={ask}
      />
      <Button label={t('security.changeAddress')} variant="secondary" onPress={ask} />
      {asking ? (
        <ProofDialog
          title={t('security.changeAddress')}
          confirmLabel={t('security.changeAddress')}
          open
          busy={change.isPending}
          error={change.error}
          onConfirm={(proof) => change.mutate(proof)}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </Card>
  );
}
