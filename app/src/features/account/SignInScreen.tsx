import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { signUpStateQuery } from '@/api/queries';
import { choosesServer, serverAddress } from '@/api/session';
import { Banner, Box, Button, Card, Row, Text, TextField } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { AuthFrame } from './AuthFrame';
import { ServerField } from './ServerField';
import { useSignIn } from './useSession';

export function SignInScreen() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [server, setServer] = useState(serverAddress());
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState(false);
  const state = useQuery({ ...signUpStateQuery(), enabled: !choosesServer });
  const signIn = useSignIn(server);
  const submit = () => {
    const incomplete = email.trim() === '' || password === '';
    setMissing(incomplete);
    if (!incomplete && !signIn.isPending) signIn.mutate({ email: email.trim(), password });
  };
  return (
    <AuthFrame title={t('account.signInTitle')} lead={t('account.signInLead')}>
      <Card padding="xl">
        <Box gap="l">
          {signIn.error ? <Banner tone="danger" urgent title={errorText(signIn.error).message} /> : null}
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
          <Button label={t('account.signIn')} onPress={submit} busy={signIn.isPending} fill />
        </Box>
      </Card>
      {state.data?.sign_up === 'closed' ? null : (
        <Row gap="s" wrap>
          <Text tone="textSecondary">{t('account.noAccount')}</Text>
          <Button href="/sign-up" label={t('account.signUp')} variant="quiet" small />
        </Row>
      )}
    </AuthFrame>
  );
}
