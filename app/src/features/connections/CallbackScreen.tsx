import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocalSearchParams, useRouter } from 'expo-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import { ErrorState, Screen, SkeletonList } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

type Returned = { state?: string; code?: string; error?: string; scope?: string };

/** Where a service's page leads back to: hands over what it brought, once, and goes on to the connection. */
export function CallbackScreen() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const router = useRouter();
  const client = useQueryClient();
  const { state, code, error, scope } = useLocalSearchParams<Returned>();
  const begun = useRef(false);
  const finish = useMutation({
    mutationFn: (body: { state: string; code: string | null; error: string | null; scope: string | null }) =>
      answer(api().POST('/api/v1/connections/authorizations', { body })),
    onSuccess: (connection) => {
      void client.invalidateQueries({ queryKey: keys.connections });
      router.replace(`/devices/${connection.id}`);
    },
  });
  const { mutate } = finish;
  useEffect(() => {
    if (begun.current || !state) return;
    begun.current = true;
    mutate({ state, code: code ?? null, error: error ?? null, scope: scope ?? null });
  }, [state, code, error, scope, mutate]);
  const failed = finish.error ? errorText(finish.error) : null;
  const message = failed?.message ?? (state ? null : t('devices.callbackMissing'));
  return (
    <Screen title={t('devices.callbackTitle')} back={{ href: '/devices', label: t('devices.title') }}>
      {message === null ? (
        <SkeletonList label={t('devices.callbackBusy')} count={2} height={120} />
      ) : (
        <ErrorState
          title={t('devices.callbackFailed')}
          message={message}
          remedy={failed?.remedy}
          retryLabel={t('devices.back')}
          onRetry={() => router.replace('/devices')}
        />
      )}
    </Screen>
  );
}
