import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocalSearchParams, useRouter } from 'expo-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { ApiError } from '@/api/errors';
import { keys } from '@/api/queries';
import { sessionKind } from '@/api/session';
import { Banner, Box, Button, Card, Skeleton, TextField } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { AuthFrame } from './AuthFrame';
import { useEnter } from './useSession';

type Returned = { state?: string; code?: string; iss?: string; error?: string };

/** Where an identity provider leads back to: goes on with signing in or linking, and asks for what is still missing. */
export function IdentityScreen() {
  const { t } = useTranslation();
  const returned = useLocalSearchParams<Returned>();
  const links = returned.state?.startsWith('link.') ?? false;
  if (!returned.state) return <Over message={t('identity.missing')} />;
  return links ? <Link returned={returned} /> : <Enter returned={returned} />;
}

function body({ state, code, iss, error }: Returned) {
  return { state: state ?? '', code: code ?? null, iss: iss ?? null, error: error ?? null };
}

/** Runs once: what came back in the address works once, and effects may run twice. */
function useOnce(run: () => void) {
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    run();
  }, [run]);
}

function Link({ returned }: { returned: Returned }) {
  const errorText = useErrorText();
  const client = useQueryClient();
  const router = useRouter();
  const { mutate, ...link } = useMutation({
    mutationFn: () => answer(api().POST('/api/v1/accounts/me/identities', { body: body(returned) })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.security });
      router.replace('/security');
    },
  });
  useOnce(mutate);
  if (link.error) return <Over message={errorText(link.error).message} href="/security" />;
  return <Wait />;
}

function Enter({ returned }: { returned: Returned }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const enter = useEnter();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [wanted, setWanted] = useState({ password: false, code: false });
  const { mutate, ...signIn } = useMutation({
    mutationFn: () =>
      answer(
        api().POST('/api/v1/sessions/identities', {
          body: {
            ...body(returned),
            password: password === '' ? null : password,
            second_factor: code.trim() === '' ? null : code.trim(),
            session: sessionKind,
          },
        }),
      ),
    onSuccess: enter,
    onError: (error) => {
      const refusal = error instanceof ApiError ? error.code : null;
      if (refusal === 'identity_unlinked') setWanted((before) => ({ ...before, password: true }));
      if (refusal === 'second_factor_required') setWanted((before) => ({ ...before, code: true }));
    },
  });
  useOnce(mutate);
  const asks = wanted.password || wanted.code;
  const refusal = signIn.error instanceof ApiError ? signIn.error.code : null;
  const isQuestion = refusal === 'identity_unlinked' || refusal === 'second_factor_required';
  const missing = (wanted.password && password === '') || (wanted.code && code.trim() === '');
  const submit = () => {
    if (!missing && !signIn.isPending) mutate();
  };
  if (!asks && signIn.error) return <Over message={errorText(signIn.error).message} />;
  if (!asks) return <Wait />;
  return (
    <AuthFrame
      title={wanted.code ? t('account.codeTitle') : t('identity.linkTitle')}
      lead={wanted.code ? t('account.codeLead') : t('identity.linkLead')}
    >
      <Card padding="xl">
        <Box gap="l">
          {signIn.error && !isQuestion ? (
            <Banner tone="danger" urgent title={errorText(signIn.error).message} />
          ) : null}
          {wanted.password ? (
            <TextField
              label={t('account.password')}
              value={password}
              onChangeText={setPassword}
              autoComplete="current-password"
              secureTextEntry
              onSubmitEditing={submit}
            />
          ) : null}
          {wanted.code ? (
            <TextField
              label={t('account.code')}
              hint={t('account.codeHint')}
              value={code}
              onChangeText={setCode}
              autoComplete="one-time-code"
              autoCapitalize="none"
              onSubmitEditing={submit}
            />
          ) : null}
          <Button
            label={wanted.password ? t('identity.link') : t('account.signIn')}
            onPress={submit}
            busy={signIn.isPending}
            disabled={missing}
            fill
          />
          <Button href="/sign-in" label={t('account.backToSignIn')} variant="quiet" small />
        </Box>
      </Card>
    </AuthFrame>
  );
}

function Wait() {
  const { t } = useTranslation();
  return (
    <AuthFrame title={t('identity.title')} lead={t('account.verifyLead')}>
      <Card padding="xl">
        <Skeleton height={48} />
      </Card>
    </AuthFrame>
  );
}

function Over({ message, href = '/sign-in' }: { message: string; href?: '/sign-in' | '/security' }) {
  const { t } = useTranslation();
  return (
    <AuthFrame title={t('identity.title')} lead="">
      <Card padding="xl">
        <Box gap="l">
          <Banner tone="danger" urgent title={message} />
          <Button
            href={href}
            label={href === '/security' ? t('security.title') : t('account.backToSignIn')}
            fill
          />
        </Box>
      </Card>
    </AuthFrame>
  );
}
