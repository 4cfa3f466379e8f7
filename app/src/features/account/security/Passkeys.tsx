import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { canUsePasskeys, createPasskey } from '@/api/passkeys';
import { keys, signUpStateQuery } from '@/api/queries';
import type { Passkey } from '@/api/types';
import { Badge, Box, Button, Card, Row, Text, TextField, useToast } from '@/design';
import { useFormat } from '@/i18n/useFormat';

import { ProofDialog } from './ProofDialog';
import type { Proof } from './usePasskeyProof';

/** Passkeys of the account: kept by a device, used with its lock, in the place of password and code. */
export function Passkeys({ passkeys }: { passkeys: readonly Passkey[] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const state = useQuery(signUpStateQuery());
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<Passkey | null>(null);
  const [name, setName] = useState('');
  const refresh = () => client.invalidateQueries({ queryKey: keys.security });
  const add = useMutation({
    mutationFn: async (proof: Proof) => {
      const options = await answer(api().POST('/api/v1/accounts/me/passkeys/challenges', { body: proof }));
      const credential = await createPasskey(options.public_key);
      return answer(api().POST('/api/v1/accounts/me/passkeys', { body: { name: name.trim(), credential } }));
    },
    onSuccess: () => {
      setAdding(false);
      setName('');
      toast(t('security.passkeyAdded'));
      return refresh();
    },
  });
  const remove = useMutation({
    mutationFn: ({ id, proof }: { id: string; proof: Proof }) =>
      answer(
        api().POST('/api/v1/accounts/me/passkeys/{passkey_id}/removal', {
          params: { path: { passkey_id: id } },
          body: proof,
        }),
      ),
    onSuccess: () => {
      setLeaving(null);
      toast(t('security.passkeyRemoved'));
    },
    onSettled: refresh,
  });
  const works = canUsePasskeys(state.data?.passkey_origins ?? []);
  if (!works && passkeys.length === 0) return null;
  return (
    <Card title={t('security.passkeys')} caption={t('security.passkeysLead')}>
      {passkeys.length === 0 ? <Text tone="textSecondary">{t('security.noPasskeys')}</Text> : null}
      <Box gap="m" role="list">
        {passkeys.map((passkey) => (
          <PasskeyRow key={passkey.id} passkey={passkey} onRemove={() => setLeaving(passkey)} />
        ))}
      </Box>
      {works ? (
        <Button
          label={t('security.addPasskey')}
          variant="secondary"
          onPress={() => {
            add.reset();
            setAdding(true);
          }}
        />
      ) : null}
      {adding ? (
        <ProofDialog
          title={t('security.addPasskey')}
          confirmLabel={t('security.addPasskey')}
          open
          ready={name.trim() !== ''}
          busy={add.isPending}
          error={add.error}
          onConfirm={(proof) => add.mutate(proof)}
          onClose={() => setAdding(false)}
        >
          <TextField
            label={t('security.passkeyName')}
            hint={t('security.passkeyNameHint')}
            value={name}
            onChangeText={setName}
            maxLength={100}
          />
        </ProofDialog>
      ) : null}
      {leaving ? (
        <ProofDialog
          title={t('security.removePasskey', { name: leaving.name })}
          confirmLabel={t('security.remove')}
          open
          danger
          busy={remove.isPending}
          error={remove.error}
          onConfirm={(proof) => remove.mutate({ id: leaving.id, proof })}
          onClose={() => setLeaving(null)}
        >
          <Text>{t('security.removePasskeyBody')}</Text>
        </ProofDialog>
      ) : null}
    </Card>
  );
}

function PasskeyRow({ passkey, onRemove }: { passkey: Passkey; onRemove: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Row role="listitem" gap="m" justify="space-between" wrap>
      <Box gap="xs" shrink>
        <Row gap="s" wrap>
          <Text strong>{passkey.name}</Text>
          {passkey.is_backed_up ? <Badge label={t('security.passkeyBackedUp')} tone="neutral" /> : null}
        </Row>
        <Text variant="caption" tone="textSecondary">
          {passkey.last_used_at
            ? t('security.used', { when: format.instant(passkey.last_used_at) })
            : t('security.usedNever')}
        </Text>
      </Box>
      <Button
        label={t('security.remove')}
        accessibilityLabel={t('security.removePasskey', { name: passkey.name })}
        variant="secondary"
        small
        onPress={onRemove}
      />
    </Row>
  );
}
