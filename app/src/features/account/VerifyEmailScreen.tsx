import { useMutation } from '@tanstack/react-query';
import { useLocalSearchParams } from 'expo-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { Banner, Box, Button, Card, Skeleton } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { AuthFrame } from './AuthFrame';

/** Takes the link of an e-mail; works whoever is signed in on this device. */
export function VerifyEmailScreen() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { token } = useLocalSearchParams<{ token?: string }>();
  const used = useRef(false);
  const { mutate, ...verify } = useMutation({
    mutationFn: (link: string) =>
      answer(api().PUT('/api/v1/accounts/email-verifications', { body: { token: link } })),
  });
  useEffect(() => {
    // A link works once, and effects may run twice.
    if (!token || used.current) return;
    used.current = true;
    mutate(token);
  }, [token, mutate]);
  return (
    <AuthFrame title={t('account.verifyTitle')} lead={verify.isPending ? t('account.verifyLead') : ''}>
      <Card padding="xl">
        <Box gap="l">
          {verify.error ? (
            <Banner tone="danger" urgent title={errorText(verify.error).message} />
          ) : verify.data ? (
            <Banner tone="success" urgent title={t('account.verified', { email: verify.data.email })} />
          ) : token ? (
            <Skeleton height={48} />
          ) : (
            <Banner tone="warning" title={t('account.linkMissing')} />
          )}
          <Button href="/" label={t('account.goOn')} fill />
        </Box>
      </Card>
    </AuthFrame>
  );
}
