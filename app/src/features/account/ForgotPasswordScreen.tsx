import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { Banner, Box, Button, Card, TextField } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { AuthFrame } from './AuthFrame';

export function ForgotPasswordScreen() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [email, setEmail] = useState('');
  const [missing, setMissing] = useState(false);
  const ask = useMutation({
    mutationFn: (address: string) =>
      answer(api().POST('/api/v1/accounts/password-resets', { body: { email: address } })),
  });
  const submit = () => {
    const address = email.trim();
    setMissing(address.length < 3);
    if (address.length >= 3 && !ask.isPending) ask.mutate(address);
  };
  return (
    <AuthFrame title={t('account.forgotTitle')} lead={t('account.forgotLead')}>
      <Card padding="xl">
        <Box gap="l">
          {ask.error ? <Banner tone="danger" urgent title={errorText(ask.error).message} /> : null}
          {ask.isSuccess ? (
            <Banner tone="success" urgent title={t('account.linkSent')}>
              {t('account.linkSentSelfHosted')}
            </Banner>
          ) : (
            <>
              <TextField
                label={t('account.email')}
                value={email}
                onChangeText={setEmail}
                autoComplete="email"
                autoCapitalize="none"
                inputMode="email"
                error={missing ? t('account.required') : null}
                onSubmitEditing={submit}
              />
              <Button label={t('account.sendLink')} onPress={submit} busy={ask.isPending} fill />
            </>
          )}
        </Box>
      </Card>
      <Button href="/sign-in" label={t('account.backToSignIn')} variant="quiet" small />
    </AuthFrame>
  );
}
