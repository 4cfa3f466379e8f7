import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError } from '@/api/errors';
import { canUsePasskeys } from '@/api/passkeys';
import { signUpStateQuery } from '@/api/queries';
import { choosesServer, serverAddress } from '@/api/session';
import { Banner, Box, Button, Card, Text, TextField } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { AuthFrame } from './AuthFrame';
import { ServerField } from './ServerField';
import { useIdentitySignIn, usePasskeySignIn, useSignIn } from './useSession';

export function SignInScreen() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [server, setServer] = useState(serverAddress());
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState(false);
  const state = useQuery({ ...signUpStateQuery(), enabled: !choosesServer });
  const signIn = useSignIn(server);
  const passkey = usePasskeySignIn();
  const identity = useIdentitySignIn();
  const otherError = passkey.error ?? identity.error;
  const refusal = signIn.error instanceof ApiError ? signIn.error.code : null;
  const [codeWanted, setCodeWanted] = useState(false);
  if (!codeWanted && refusal === 'second_factor_required') setCodeWanted(true);
  const elsewhere = codeWanted ? [] : (state.data?.identity_providers ?? []);
  const submit = () => {
    const incomplete = email.trim() === '' || password === '' || (codeWanted && code.trim() === '');
    setMissing(incomplete);
    if (incomplete || signIn.isPending) return;
    signIn.mutate({ email: email.trim(), password, ...(codeWanted ? { code: code.trim() } : {}) });
  };
  const failed = signIn.error !== null && refusal !== 'second_factor_required';
  return (
    <AuthFrame
      title={codeWanted ? t('account.codeTitle') : t('account.signInTitle')}
      lead={codeWanted ? t('account.codeLead') : t('account.signInLead')}
    >
      <Card padding="xl">
        <Box gap="l">
          {failed ? <Banner tone="danger" urgent title={errorText(signIn.error).message} /> : null}
          {otherError && !failed ? (
            <Banner tone="danger" urgent title={errorText(otherError).message} />
          ) : null}
          <ServerField value={server} onChange={setServer} />
          <TextField
            label={t('account.email')}
            value={email}
            onChangeText={setEmail}
            autoComplete="email"
            autoCapitalize="none"
            inputMode="email"
            error={missing && email.trim() === '' ? t('account.required') : null}
            onSubmitEditing={submit}
          />
          <TextField
            label={t('account.password')}
            value={password}
            onChangeText={setPassword}
            autoComplete="current-password"
            secureTextEntry
            error={missing && password === '' ? t('account.required') : null}
            onSubmitEditing={submit}
          />
          {codeWanted ? (
            <TextField
              label={t('account.code')}
              hint={t('account.codeHint')}
              value={code}
              onChangeText={setCode}
              autoComplete="one-time-code"
              autoCapitalize="none"
              autoFocus
              error={missing && code.trim() === '' ? t('account.required') : null}
              onSubmitEditing={submit}
            />
          ) : null}
          <Button label={t('account.signIn')} onPress={submit} busy={signIn.isPending} fill />
          {canUsePasskeys(state.data?.passkey_origins ?? []) && !codeWanted ? (
            <Button
              label={t('account.passkey')}
              variant="secondary"
              onPress={() => {
                signIn.reset();
                passkey.mutate();
              }}
              busy={passkey.isPending}
              fill
            />
          ) : null}
          {elsewhere.map((provider) => (
            <Button
              key={provider.id}
              label={t('identity.signIn', { name: provider.name })}
              variant="secondary"
              onPress={() => identity.mutate(provider.id)}
              busy={identity.isPending && identity.variables === provider.id}
              fill
            />
          ))}
          <Button href="/forgot-password" label={t('account.forgot')} variant="quiet" small />
        </Box>
      </Card>
      {state.data?.sign_up === 'closed' ? null : (
        <Box gap="s">
          <Text tone="textSecondary">{t('account.noAccount')}</Text>
          <Button href="/sign-up" label={t('account.signUp')} variant="secondary" fill />
        </Box>
      )}
    </AuthFrame>
  );
}
