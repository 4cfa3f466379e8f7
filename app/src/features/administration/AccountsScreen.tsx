import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { meQuery } from '@/api/queries';
import {
  Badge,
  Banner,
  Box,
  Button,
  Card,
  Columns,
  EmptyState,
  Row,
  Screen,
  Text,
  TextField,
  useToast,
} from '@/design';
import { MoreButton } from '@/features/shell/MoreButton';
import { webProps } from '@/design/interaction';
import { QueryState } from '@/features/shell/QueryState';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import { AccountDialog } from './AccountDialog';
import { type Account, accountsQuery, signUpInvitationsQuery, useAdministration } from './adminQueries';
import { ForRole } from './ForRole';

const TYPING_PAUSE_MS = 300;
const SINCE = { dateStyle: 'medium' } as const;

/** Everybody who has an account here: what they hold in numbers, their role, and whether they may come in. */
export function AccountsScreen() {
  const { t } = useTranslation();
  return (
    <ForRole roles={['admin']} title={t('admin.people.title')}>
      <Screen
        title={t('admin.people.title')}
        subtitle={t('admin.people.subtitle')}
        back={{ href: '/admin', label: t('admin.title') }}
      >
        <Columns main={<People />} aside={<Invitations />} />
      </Screen>
    </ForRole>
  );
}

function People() {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [q, setQ] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const list = useInfiniteQuery(accountsQuery(q));
  return (
    <Card title={t('admin.people.list')}>
      <Box {...webProps({ role: 'search' })}>
        <TextField
          label={t('admin.people.search')}
          hideLabel
          placeholder={t('admin.people.search')}
          value={typed}
          onChangeText={setTyped}
          inputMode="search"
          maxLength={100}
        />
      </Box>
      <QueryState query={list} skeleton={{ count: 5, height: 72 }}>
        {({ pages }) => {
          const accounts = pages.flatMap((page) => page.items);
          if (accounts.length === 0) {
            return (
              <EmptyState icon="search" title={t('admin.people.none')}>
                {t('admin.people.noneText')}
              </EmptyState>
            );
          }
          const account = accounts.find((one) => one.id === chosen);
          return (
            <Box gap="l">
              <Box gap="l" role="list" aria-label={t('admin.people.list')}>
                {accounts.map((one) => (
                  <AccountRow key={one.id} account={one} onChange={() => setChosen(one.id)} />
                ))}
              </Box>
              <MoreButton list={list} />
              {account ? (
                <AccountDialog key={account.id} account={account} onClose={() => setChosen(null)} />
              ) : null}
            </Box>
          );
        }}
      </QueryState>
    </Card>
  );
}

function AccountRow({ account, onChange }: { account: Account; onChange: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const me = useQuery({ ...meQuery(), enabled: false }).data;
  const holds = t('admin.people.holds', {
    activities: t('admin.people.activities', { count: account.counts.activities }),
    checks: t('admin.people.checks', { count: account.counts.form_checks }),
  });
  const seen =
    account.last_seen_at === null
      ? t('admin.people.signedOut')
      : t('admin.people.seen', { instant: format.instant(account.last_seen_at) });
  return (
    <Row gap="m" role="listitem" align="flex-start" justify="space-between">
      <Box gap="xxs" shrink>
        <Row gap="s" wrap>
          <Text variant="bodyStrong" anywhere>
            {account.name}
          </Text>
          {account.role === 'athlete' ? null : (
            <Badge tone="accent" label={t(`admin.role.${account.role}`)} />
          )}
          {account.locked_at === null ? null : (
            <Badge tone="danger" icon="alert" label={t('admin.people.locked')} />
          )}
          {account.id === me?.id ? <Badge label={t('admin.people.you')} /> : null}
        </Row>
        <Text variant="caption" tone="textSecondary" anywhere>
          {account.email}
        </Text>
        <Text variant="caption" tone="textSecondary">
          {`${t('admin.people.since', { day: format.instant(account.created_at, SINCE) })} · ${seen}`}
        </Text>
        <Text variant="caption" tone="textSecondary">
          {holds}
        </Text>
      </Box>
      <Button
        label={t('admin.people.change')}
        accessibilityLabel={t('admin.people.changeOf', { name: account.name })}
        variant="secondary"
        small
        onPress={onChange}
      />
    </Row>
  );
}

function Invitations() {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const toast = useToast();
  const invitations = useQuery(signUpInvitationsQuery());
  const make = useAdministration(() => answer(api().POST('/api/v1/admin/invitations')));
  const withdraw = useAdministration(
    (sign_up_invitation_id: string) =>
      answer(
        api().DELETE('/api/v1/admin/invitations/{sign_up_invitation_id}', {
          params: { path: { sign_up_invitation_id } },
        }),
      ),
    () => {
      make.reset();
      toast(t('admin.invitations.withdrawn'));
    },
  );
  const error = make.error ?? withdraw.error;
  return (
    <Card title={t('admin.invitations.title')} caption={t('admin.invitations.caption')}>
      {error ? <Banner tone="danger" urgent title={errorText(error).message} /> : null}
      <Button
        label={t('admin.invitations.make')}
        icon="plus"
        variant="secondary"
        busy={make.isPending}
        onPress={() => make.mutate(undefined)}
      />
      {make.data?.link ? (
        <Banner tone="success" title={t('admin.invitations.made')}>
          <Text selectable anywhere testID="invitation-link">
            {make.data.link}
          </Text>
        </Banner>
      ) : null}
      <QueryState query={invitations} skeleton={{ count: 2, height: 40 }}>
        {({ items }) =>
          items.length === 0 ? (
            <Text tone="textSecondary">{t('admin.invitations.none')}</Text>
          ) : (
            <Box gap="s" role="list" aria-label={t('admin.invitations.title')}>
              {items.map((one) => {
                const instant = format.instant(one.expires_at);
                return (
                  <Row key={one.id} gap="s" justify="space-between" role="listitem">
                    <Text variant="caption" shrink>
                      {t('admin.invitations.until', { instant })}
                    </Text>
                    <Button
                      label={t('admin.invitations.withdraw')}
                      accessibilityLabel={t('admin.invitations.withdrawOf', { instant })}
                      variant="quiet"
                      small
                      onPress={() => withdraw.mutate(one.id)}
                    />
                  </Row>
                );
              })}
            </Box>
          )
        }
      </QueryState>
    </Card>
  );
}
