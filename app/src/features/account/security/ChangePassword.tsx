import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import { Button, Card, TextField, useToast } from '@/design';

import { passwordProblem, SHORTEST_PASSWORD } from '../passwords';
import { ProofDialog } from './ProofDialog';
import type { Proof } from './usePasskeyProof';

export function ChangePassword() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const [next, setNext] = useState('');
  const [tried, setTried] = useState(false);
  const problem = passwordProblem(next, t);
  const change = useMutation({
    mutationFn: (proof: Proof) =>
      answer(api().PUT('/api/v1/accounts/me/password', { body: { ...proof, new_password: next } })),
    onSuccess: () => {
      setAsking(false);
      setNext('');
      setTried(false);
      toast(t('security.passwordChanged'));
      return client.invalidateQueries({ queryKey: keys.security });
    },
  });
  const submit = () => {
    setTried(true);
    change.reset();
    if (problem === null) setAsking(true);
  };
  const passwordError = tried ? problem : null;
  return (
    <Card title={t('security.password')}>
      <TextField
        label={t('account.newPassword')}
        hint={passwordError ? undefined : t('account.passwordHint', { count: SHORTEST_PASSWORD })}
        value={next}
        onChangeText={setNext}
        autoComplete="new-password"
        secureTextEntry
        error={passwordError}
        onSubmitEditing={submit}
      />
      <Button label={t('security.changePassword')} variant="secondary" onPress={submit} />
      {asking ? (
        <ProofDialog
          title={t('security.changePassword')}
          confirmLabel={t('security.changePassword')}
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
