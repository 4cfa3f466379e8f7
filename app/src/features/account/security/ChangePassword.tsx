import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import { Banner, Button, Card, TextField, useToast } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { passwordProblem, SHORTEST_PASSWORD } from '../passwords';

export function ChangePassword() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const client = useQueryClient();
  const toast = useToast();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [tried, setTried] = useState(false);
  const problem = passwordProblem(next, t);
  const change = useMutation({
    mutationFn: () =>
      answer(
        api().PUT('/api/v1/accounts/me/password', {
          body: { current_password: current, new_password: next },
        }),
      ),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      setTried(false);
      toast(t('security.passwordChanged'));
      return client.invalidateQueries({ queryKey: keys.security });
    },
  });
  const submit = () => {
    setTried(true);
    if (problem === null && current !== '' && !change.isPending) change.mutate();
  };
  return (
    <Card title={t('security.password')}>
      {change.error ? <Banner tone="danger" urgent title={errorText(change.error).message} /> : null}
      <TextField
        label={t('security.currentPassword')}
        value={current}
        onChangeText={setCurrent}
        autoComplete="current-password"
        secureTextEntry
        error={tried && current === '' ? t('account.required') : null}
      />
      <TextField
        label={t('account.newPassword')}
        hint={t('account.passwordHint', { count: SHORTEST_PASSWORD })}
        value={next}
        onChangeText={setNext}
        autoComplete="new-password"
        secureTextEntry
        error={tried ? problem : null}
        onSubmitEditing={submit}
      />
      <Button
        label={t('security.changePassword')}
        variant="secondary"
        busy={change.isPending}
        onPress={submit}
      />
    </Card>
  );
}
