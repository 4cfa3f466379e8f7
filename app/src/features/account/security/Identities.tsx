import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys, signUpStateQuery } from '@/api/queries';
import { choosesServer } from '@/api/session';
import type { LinkedIdentity } from '@/api/types';
import { Box, Button, Card, Row, Text } from '@/design';
import { openPage } from '@/features/connections/openPage';

import { ProofDialog } from './ProofDialog';
import type { Proof } from './usePasskeyProof';

/** Accounts elsewhere that open this one; shown where the server offers such sign-ins, or one is linked. */
export function Identities({ identities }: { identities: readonly LinkedIdentity[] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const state = useQuery(signUpStateQuery());
  const offers = choosesServer ? [] : (state.data?.identity_providers ?? []);
  const [linking, setLinking] = useState<string | null>(null);
  const [leaving, setLeaving] = useState<LinkedIdentity | null>(null);
  const nameOf = (id: string) => state.data?.identity_providers.find((one) => one.id === id)?.name ?? id;
  const link = useMutation({
    mutationFn: ({ provider, proof }: { provider: string; proof: Proof }) =>
      answer(api().POST('/api/v1/accounts/me/identity-flows', { body: { ...proof, provider } })),
    onSuccess: ({ authorization_url }) => openPage(authorization_url),
  });
  const remove = useMutation({
    mutationFn: ({ id, proof }: { id: string; proof: Proof }) =>
      answer(
        api().POST('/api/v1/accounts/me/identities/{identity_id}/removal', {
          params: { path: { identity_id: id } },
          body: proof,
        }),
      ),
    onSuccess: () => setLeaving(null),
    onSettled: () => client.invalidateQueries({ queryKey: keys.security }),
  });
  if (offers.length === 0 && identities.length === 0) return null;
  return (
    <Card title={t('identity.card')} caption={t('identity.cardLead')}>
      <Box gap="m" role="list">
        {identities.map((identity) => (
          <Row key={identity.id} role="listitem" gap="m" justify="space-between" wrap>
            <Box gap="xs" shrink>
              <Text strong>{nameOf(identity.provider)}</Text>
              <Text variant="caption" tone="textSecondary">
                {identity.email}
              </Text>
            </Box>
            <Button
              label={t('security.remove')}
              accessibilityLabel={t('identity.remove', { name: nameOf(identity.provider) })}
              variant="secondary"
              small
              onPress={() => setLeaving(identity)}
            />
          </Row>
        ))}
      </Box>
      {offers.map((offer) => (
        <Button
          key={offer.id}
          label={t('identity.connect', { name: offer.name })}
          variant="secondary"
          onPress={() => {
            link.reset();
            setLinking(offer.id);
          }}
        />
      ))}
      {linking ? (
        <ProofDialog
          title={t('identity.connect', { name: nameOf(linking) })}
          confirmLabel={t('identity.goThere')}
          open
          busy={link.isPending}
          error={link.error}
          onConfirm={(proof) => link.mutate({ provider: linking, proof })}
          onClose={() => setLinking(null)}
        />
      ) : null}
      {leaving ? (
        <ProofDialog
          title={t('identity.remove', { name: nameOf(leaving.provider) })}
          confirmLabel={t('security.remove')}
          open
          danger
          busy={remove.isPending}
          error={remove.error}
          onConfirm={(proof) => remove.mutate({ id: leaving.id, proof })}
          onClose={() => setLeaving(null)}
        />
      ) : null}
    </Card>
  );
}
