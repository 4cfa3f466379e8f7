import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { appsQuery, keys } from '@/api/queries';
import type { GrantedApp, RegisteredApp } from '@/api/types';
import { Banner, Box, Button, Card, Checkbox, Dialog, Row, Text, TextField } from '@/design';
import { ConfirmDialog } from '@/features/shell/ConfirmDialog';
import { QueryState } from '@/features/shell/QueryState';
import { useErrorText } from '@/features/shell/useErrorText';

import { scopeSentence } from '../apps/scopeWords';

type Leaving = { id: string; name: string; owned: boolean };
type Made = { client_id: string; client_secret: string | null };

/** Apps of others that were let in, and apps that this person has registered. */
export function Apps() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const apps = useQuery(appsQuery());
  const [leaving, setLeaving] = useState<Leaving | null>(null);
  const [registering, setRegistering] = useState(false);
  const [made, setMade] = useState<Made | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: keys.apps });
  const remove = useMutation({
    mutationFn: ({ id, owned }: Leaving) => {
      const params = { path: { client_id: id } };
      return owned
        ? answer(api().DELETE('/api/v1/accounts/me/apps/{client_id}', { params }))
        : answer(api().DELETE('/api/v1/accounts/me/grants/{client_id}', { params }));
    },
    onSuccess: () => setLeaving(null),
    onSettled: refresh,
  });
  return (
    <Card title={t('apps.card')} caption={t('apps.cardLead')}>
      {made ? (
        <Banner tone="success" urgent title={made.client_secret ? t('apps.madeSecret') : t('apps.made')}>
          <Text selectable strong>
            {`client_id: ${made.client_id}`}
          </Text>
          {made.client_secret ? (
            <Text selectable strong>
              {`client_secret: ${made.client_secret}`}
            </Text>
          ) : null}
        </Banner>
      ) : null}
      <QueryState query={apps} skeleton={{ count: 1, height: 60 }}>
        {({ granted, registered }) => (
          <>
            {granted.length === 0 ? <Text tone="textSecondary">{t('apps.none')}</Text> : null}
            <Box gap="m" role="list">
              {granted.map((app) => (
                <Granted
                  key={app.client_id}
                  app={app}
                  onRemove={() => setLeaving({ id: app.client_id, name: app.name, owned: false })}
                />
              ))}
            </Box>
            {registered.length > 0 ? <Text variant="label">{t('apps.registered')}</Text> : null}
            <Box gap="m" role="list">
              {registered.map((app) => (
                <Registered
                  key={app.client_id}
                  app={app}
                  onRemove={() => setLeaving({ id: app.client_id, name: app.name, owned: true })}
                />
              ))}
            </Box>
          </>
        )}
      </QueryState>
      <Button
        label={t('apps.register')}
        variant="quiet"
        flush="start"
        small
        onPress={() => setRegistering(true)}
      />
      {registering ? (
        <Register
          onClose={() => setRegistering(false)}
          onMade={(app) => {
            setMade(app);
            setRegistering(false);
            void refresh();
          }}
        />
      ) : null}
      <ConfirmDialog
        title={leaving?.owned ? t('apps.deleteTitle') : t('apps.revokeTitle')}
        body={t(leaving?.owned ? 'apps.deleteBody' : 'apps.revokeBody', { name: leaving?.name ?? '' })}
        confirmLabel={leaving?.owned ? t('security.deleteShort') : t('apps.revoke')}
        open={leaving !== null}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => {
          if (leaving) remove.mutate(leaving);
        }}
        onClose={() => setLeaving(null)}
      />
    </Card>
  );
}

function Granted({ app, onRemove }: { app: GrantedApp; onRemove: () => void }) {
  const { t } = useTranslation();
  return (
    <Row role="listitem" gap="m" justify="space-between" wrap>
      <Box gap="xs" shrink>
        <Text strong>{app.name}</Text>
        <Text variant="caption" tone="textSecondary">
          {app.scopes.map((scope) => scopeSentence(scope, t)).join(' · ')}
        </Text>
      </Box>
      <Button
        label={t('apps.revoke')}
        accessibilityLabel={t('apps.revokeNamed', { name: app.name })}
        variant="secondary"
        small
        onPress={onRemove}
      />
    </Row>
  );
}

function Registered({ app, onRemove }: { app: RegisteredApp; onRemove: () => void }) {
  const { t } = useTranslation();
  return (
    <Row role="listitem" gap="m" justify="space-between" wrap>
      <Box gap="xs" shrink>
        <Text strong>{app.name}</Text>
        <Text variant="caption" tone="textSecondary" selectable>
          {app.client_id}
        </Text>
      </Box>
      <Button
        label={t('security.deleteShort')}
        accessibilityLabel={t('apps.deleteNamed', { name: app.name })}
        variant="secondary"
        small
        onPress={onRemove}
      />
    </Row>
  );
}

function Register({ onMade, onClose }: { onMade: (app: Made) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [name, setName] = useState('');
  const [address, setAddress] = useState('');
  const [confidential, setConfidential] = useState(false);
  const register = useMutation({
    mutationFn: () =>
      answer(
        api().POST('/api/v1/accounts/me/apps', {
          body: { name: name.trim(), redirect_uris: [address.trim()], is_confidential: confidential },
        }),
      ),
    onSuccess: onMade,
  });
  const ready = name.trim() !== '' && address.trim() !== '';
  const submit = () => {
    if (ready && !register.isPending) register.mutate();
  };
  return (
    <Dialog title={t('apps.register')} open onClose={onClose}>
      <Box gap="l">
        {register.error ? <Banner tone="danger" urgent title={errorText(register.error).message} /> : null}
        <TextField label={t('apps.name')} value={name} onChangeText={setName} maxLength={100} />
        <TextField
          label={t('apps.redirect')}
          hint={t('apps.redirectHint')}
          value={address}
          onChangeText={setAddress}
          autoCapitalize="none"
          inputMode="url"
          onSubmitEditing={submit}
        />
        <Checkbox label={t('apps.confidential')} checked={confidential} onChange={setConfidential} />
        <Row gap="s" justify="flex-end">
          <Button label={t('action.cancel')} variant="quiet" onPress={onClose} />
          <Button label={t('apps.register')} busy={register.isPending} disabled={!ready} onPress={submit} />
        </Row>
      </Box>
    </Dialog>
  );
}
