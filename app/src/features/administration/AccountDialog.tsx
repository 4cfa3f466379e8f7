import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { Banner, Box, Button, DateField, Dialog, Row, Select, Text, useToast } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import { type Account, type Role, useAdministration } from './adminQueries';

const roles: readonly Role[] = ['athlete', 'moderator', 'admin'];

/** What an administrator may change of an account; each change stands alone and is written down. */
export function AccountDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={account.name} open onClose={onClose}>
      <Box gap="xl">
        <RolePart account={account} />
        <LockPart account={account} />
        <BirthDatePart account={account} />
        <Row justify="flex-end">
          <Button label={t('action.close')} variant="quiet" onPress={onClose} />
        </Row>
      </Box>
    </Dialog>
  );
}

function RolePart({ account }: { account: Account }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const toast = useToast();
  const [role, setRole] = useState<Role>(account.role);
  const change = useAdministration(
    () =>
      answer(
        api().PUT('/api/v1/admin/accounts/{account_id}/role', {
          params: { path: { account_id: account.id } },
          body: { role },
        }),
      ),
    () => toast(t('admin.people.roleGiven', { name: account.name, role: t(`admin.role.${role}`) })),
  );
  return (
    <Box gap="s">
      {change.error ? <Banner tone="danger" urgent title={errorText(change.error).message} /> : null}
      <Select
        label={t('admin.people.role')}
        hint={t(`admin.roleText.${role}`)}
        value={role}
        onChange={setRole}
        options={roles.map((value) => ({ value, label: t(`admin.role.${value}`) }))}
      />
      <Button
        label={t('admin.people.giveRole')}
        disabled={role === account.role}
        busy={change.isPending}
        onPress={() => change.mutate(undefined)}
      />
    </Box>
  );
}

function LockPart({ account }: { account: Account }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const toast = useToast();
  const isLocked = account.locked_at !== null;
  const change = useAdministration(
    (is_locked: boolean) =>
      answer(
        api().PUT('/api/v1/admin/accounts/{account_id}/lock', {
          params: { path: { account_id: account.id } },
          body: { is_locked },
        }),
      ),
    (changed) => toast(t(changed.locked_at === null ? 'admin.people.unlockedNow' : 'admin.people.lockedNow')),
  );
  return (
    <Box gap="s">
      {change.error ? <Banner tone="danger" urgent title={errorText(change.error).message} /> : null}
      <Text variant="label">{t('admin.people.access')}</Text>
      <Text variant="caption" tone="textSecondary">
        {account.locked_at === null
          ? t('admin.people.lockText')
          : t('admin.people.lockedSince', { instant: format.instant(account.locked_at) })}
      </Text>
      <Button
        label={t(isLocked ? 'admin.people.unlock' : 'admin.people.lock')}
        variant={isLocked ? 'secondary' : 'danger'}
        busy={change.isPending}
        onPress={() => change.mutate(!isLocked)}
      />
    </Box>
  );
}

function BirthDatePart({ account }: { account: Account }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const toast = useToast();
  const [day, setDay] = useState('');
  const change = useAdministration(
    () =>
      answer(
        api().PUT('/api/v1/admin/accounts/{account_id}/birth-date', {
          params: { path: { account_id: account.id } },
          body: { birth_date: day },
        }),
      ),
    () => {
      setDay('');
      toast(t('admin.people.birthDateSet'));
    },
  );
  return (
    <Box gap="s">
      <DateField
        label={t('admin.people.birthDate')}
        value={day}
        error={change.error ? errorText(change.error).message : null}
        onChange={setDay}
      />
      <Text variant="caption" tone="textSecondary">
        {t('admin.people.birthDateText')}
      </Text>
      <Button
        label={t('admin.people.correct')}
        variant="secondary"
        disabled={day === ''}
        busy={change.isPending}
        onPress={() => change.mutate(undefined)}
      />
    </Box>
  );
}
