import { useQuery } from '@tanstack/react-query';
import { getCalendars, getLocales } from 'expo-localization';
import { useLocalSearchParams } from 'expo-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError } from '@/api/errors';
import { signUpStateQuery } from '@/api/queries';
import { choosesServer, serverAddress } from '@/api/session';
import { Banner, Box, Button, Card, Row, Text, TextField } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { AuthFrame } from './AuthFrame';
import { passwordProblem, SHORTEST_PASSWORD } from './passwords';
import { ServerField } from './ServerField';
import { useSignUp } from './useSession';

type Problems = { name: string | null; email: string | null; password: string | null };

export function SignUpScreen() {
  const { t, i18n } = useTranslation();
  const errorText = useErrorText();
  const [server, setServer] = useState(serverAddress());
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const invited = useLocalSearchParams<{ invitation?: string }>().invitation ?? '';
  const [invitation, setInvitation] = useState(invited);
  const state = useQuery({ ...signUpStateQuery(), enabled: !choosesServer });
  const asksInvitation = state.data?.sign_up === 'invite' || invited !== '';
  const [tried, setTried] = useState(false);
  const signUp = useSignUp(server);
  const fieldErrors = signUp.error instanceof ApiError ? signUp.error.fields : [];
  const fromServer = (field: string) =>
    fieldErrors.find((item) => item.field.endsWith(field))?.message ?? null;
  const problems: Problems = {
    name: name.trim() === '' ? t('account.required') : null,
    email: /^\S+@\S+\.\S+$/.test(email.trim()) ? null : t('account.emailInvalid'),
    password: passwordProblem(password, t),
  };
  const submit = () => {
    setTried(true);
    if (signUp.isPending || Object.values(problems).some(Boolean)) return;
    signUp.mutate({
      display_name: name.trim(),
      email: email.trim(),
      password,
      units: getLocales()[0]?.measurementSystem === 'us' ? 'imperial' : 'metric',
      language: i18n.language,
      time_zone: getCalendars()[0]?.timeZone ?? 'UTC',
      ...(invitation.trim() === '' ? {} : { invitation: invitation.trim() }),
    });
  };
  const passwordError = tried ? (problems.password ?? fromServer('password')) : null;
  return (
    <AuthFrame title={t('account.signUpTitle')} lead={t('account.signUpLead')}>
      <Card padding="xl">
        <Box gap="l">
          {signUp.error ? (
            <Banner tone="danger" urgent title={errorText(signUp.error).message}>
              {errorText(signUp.error).remedy ?? undefined}
            </Banner>
          ) : null}
          <ServerField value={server} onChange={setServer} />
          <TextField
            label={t('account.name')}
            value={name}
            onChangeText={setName}
            autoComplete="name"
            error={tried ? (problems.name ?? fromServer('display_name')) : null}
            onSubmitEditing={submit}
          />
          <TextField
            label={t('account.email')}
            value={email}
            onChangeText={setEmail}
            autoComplete="email"
            autoCapitalize="none"
            inputMode="email"
            error={tried ? (problems.email ?? fromServer('email')) : null}
            onSubmitEditing={submit}
          />
          <TextField
            label={t('account.password')}
            hint={passwordError ? undefined : t('account.passwordHint', { count: SHORTEST_PASSWORD })}
            value={password}
            onChangeText={setPassword}
            autoComplete="new-password"
            secureTextEntry
            error={passwordError}
            onSubmitEditing={submit}
          />
          {asksInvitation ? (
            <TextField
              label={t('account.invitation')}
              hint={t('account.invitationHint')}
              value={invitation}
              onChangeText={setInvitation}
              autoCapitalize="none"
              autoCorrect={false}
            />
          ) : null}
          <Button label={t('account.signUp')} onPress={submit} busy={signUp.isPending} fill />
        </Box>
      </Card>
      <Row gap="s" wrap>
        <Text tone="textSecondary">{t('account.haveAccount')}</Text>
        <Button href="/sign-in" label={t('account.signIn')} variant="quiet" small />
      </Row>
    </AuthFrame>
  );
}
