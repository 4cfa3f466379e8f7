import { useMutation } from '@tanstack/react-query';
import { useLocalSearchParams } from 'expo-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { Banner, Box, Button, Card, TextField } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { AuthFrame } from './AuthFrame';
import { passwordProblem, SHORTEST_PASSWORD } from './passwords';

export function ResetPasswordScreen() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { token } = useLocalSearchParams<{ token?: string }>();
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const problem = passwordProblem(password, t);
  const reset = useMutation({
    mutationFn: () =>
      answer(api().PUT('/api/v1/accounts/password-resets', { body: { token: token ?? '', password } })),
  });
  const submit = () => {
    setTried(true);
    if (problem === null && !reset.isPending) reset.mutate();
  };
  const passwordError = tried ? problem : null;
  return (
    <AuthFrame title={t('account.resetTitle')} lead={t('account.resetLead')}>
      <Card padding="xl">
        <Box gap="l">
          {reset.error ? <Banner tone="danger" urgent title={errorText(reset.error).message} /> : null}
          {token ? null : <Banner tone="warning" title={t('account.linkMissing')} />}
          {reset.isSuccess ? (
            <Banner tone="success" urgent title={t('account.resetDone')} />
          ) : token ? (
            <>
              <TextField
                label={t('account.newPassword')}
                hint={passwordError ? undefined : t('account.passwordHint', { count: SHORTEST_PASSWORD })}
                value={password}
                onChangeText={setPassword}
                autoComplete="new-password"
                secureTextEntry
                error={passwordError}
                onSubmitEditing={submit}
              />
              <Button label={t('account.savePassword')} onPress={submit} busy={reset.isPending} fill />
            </>
          ) : null}
        </Box>
      </Card>
      <Button
        href={reset.isSuccess || token ? '/sign-in' : '/forgot-password'}
        label={reset.isSuccess || token ? t('account.backToSignIn') : t('account.forgot')}
        variant="quiet"
        small
      />
    </AuthFrame>
  );
}
