import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { apiTokensQuery, keys } from '@/api/queries';
import type { ApiToken } from '@/api/types';
import { Banner, Box, Button, Card, Row, Text } from '@/design';
import { ConfirmDialog } from '@/features/shell/ConfirmDialog';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';

import { NewToken } from './NewToken';
import { scopeText } from './scopes';

/** What programs may do in the athlete's name. */
export function ApiTokens() {
  const { t } = useTranslation();
  const tokens = useQuery(apiTokensQuery());
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const [leaving, setLeaving] = useState<ApiToken | null>(null);
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: keys.apiTokens });
  const remove = useMutation({
    mutationFn: (id: string) =>
      answer(api().DELETE('/api/v1/accounts/me/tokens/{token_id}', { params: { path: { token_id: id } } })),
    onSuccess: () => setLeaving(null),
    onSettled: refresh,
  });
  return (
    <Card title={t('security.tokens')} caption={t('security.tokensLead')}>
      {made ? (
        <Banner tone="success" urgent title={t('security.tokenMade')}>
          <Text selectable strong>
            {made}
          </Text>
        </Banner>
      ) : null}
      <QueryState query={tokens} skeleton={{ count: 1, height: 60 }}>
        {({ items, scopes }) => (
          <>
            {items.length === 0 ? <Text tone="textSecondary">{t('security.noTokens')}</Text> : null}
            <Box gap="m" role="list">
              {items.map((token) => (
                <TokenRow key={token.id} token={token} onDelete={() => setLeaving(token)} />
              ))}
            </Box>
            {making ? (
              <NewToken
                scopes={scopes}
                onClose={() => setMaking(false)}
                onMade={(shown) => {
                  setMade(shown);
                  setMaking(false);
                  void refresh();
                }}
              />
            ) : null}
          </>
        )}
      </QueryState>
      <Button label={t('security.makeToken')} variant="secondary" onPress={() => setMaking(true)} />
      <ConfirmDialog
        title={t('security.deleteTokenTitle')}
        body={t('security.deleteTokenBody', { name: leaving?.name ?? '' })}
        confirmLabel={t('security.deleteShort')}
        open={leaving !== null}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => {
          if (leaving) remove.mutate(leaving.id);
        }}
        onClose={() => setLeaving(null)}
      />
    </Card>
  );
}

function TokenRow({ token, onDelete }: { token: ApiToken; onDelete: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const facts = [
    token.scopes.map((scope) => scopeText(scope, t)).join(', '),
    token.last_used_at
      ? t('security.used', { when: format.instant(token.last_used_at) })
      : t('security.usedNever'),
    token.expires_at ? t('security.expires', { when: format.instant(token.expires_at) }) : null,
  ];
  return (
    <Row role="listitem" gap="m" justify="space-between" wrap>
      <Box gap="xs" shrink>
        <Text strong>{token.name}</Text>
        <Text variant="caption" tone="textSecondary">
          {facts.filter(Boolean).join(' · ')}
        </Text>
      </Box>
      <Button
        label={t('security.deleteShort')}
        accessibilityLabel={t('security.deleteToken', { name: token.name })}
        variant="secondary"
        small
        onPress={onDelete}
      />
    </Row>
  );
}
