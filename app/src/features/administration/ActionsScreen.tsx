import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { Box, Card, Screen, Text } from '@/design';
import { MoreButton } from '@/features/shell/MoreButton';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';

import { type AdminAction, actionsQuery } from './adminQueries';
import { ForRole } from './ForRole';

/** What administrators did to accounts and invitations: who, what, to whom, when. */
export function ActionsScreen() {
  const { t } = useTranslation();
  return (
    <ForRole roles={['admin']} title={t('admin.actions.title')}>
      <Screen
        title={t('admin.actions.title')}
        subtitle={t('admin.actions.subtitle')}
        back={{ href: '/admin', label: t('admin.title') }}
        width="reading"
      >
        <Actions />
      </Screen>
    </ForRole>
  );
}

function useSentence(): (action: AdminAction) => string {
  const { t, i18n } = useTranslation();
  return ({ action, value, actor_id, actor_name, account_name }) => {
    const actor = actor_id === null ? t('admin.actions.machine') : (actor_name ?? t('admin.actions.gone'));
    const account = account_name ?? t('admin.actions.gone');
    const roleKey = `admin.role.${value ?? ''}`;
    const role = i18n.exists(roleKey) ? t(roleKey as 'admin.role.admin') : (value ?? '');
    const key = `admin.actions.did.${action}`;
    return i18n.exists(key)
      ? t(key as 'admin.actions.did.role', { actor, account, role })
      : `${actor}: ${action} ${value ?? ''}`.trim();
  };
}

function Actions() {
  const { t } = useTranslation();
  const format = useFormat();
  const sentence = useSentence();
  const list = useInfiniteQuery(actionsQuery());
  return (
    <Card>
      <QueryState query={list} skeleton={{ count: 6, height: 40 }}>
        {({ pages }) => {
          const actions = pages.flatMap((page) => page.items);
          if (actions.length === 0) return <Text tone="textSecondary">{t('admin.actions.none')}</Text>;
          return (
            <Box gap="l">
              <Box gap="m" role="list" aria-label={t('admin.actions.title')}>
                {actions.map((action) => (
                  <Box key={action.id} role="listitem">
                    <Text>{sentence(action)}</Text>
                    <Text variant="caption" tone="textSecondary">
                      {format.instant(action.created_at)}
                    </Text>
                  </Box>
                ))}
              </Box>
              <MoreButton list={list} />
            </Box>
          );
        }}
      </QueryState>
    </Card>
  );
}
