import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import {
  Badge,
  Banner,
  Box,
  Button,
  Card,
  Columns,
  Dialog,
  EmptyState,
  Row,
  Screen,
  Text,
  TextField,
} from '@/design';
import { QueryState } from '@/features/shell/QueryState';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import {
  type CoachAccess,
  peopleQuery,
  type PeopleWithAccess,
  readsQuery,
  type Share,
} from './coachingQueries';
import { ScopeChoice } from './ScopeChoice';

/** Who else may see this athlete's data, what of it, since when; and the way to take it back. */
export function PeopleScreen() {
  const { t } = useTranslation();
  const people = useQuery(peopleQuery());
  return (
    <Screen
      title={t('coaching.people.title')}
      subtitle={t('coaching.people.subtitle')}
      back={{ href: '/profile', label: t('profile.title') }}
    >
      <QueryState query={people} skeleton={{ count: 2, height: 160 }}>
        {(found) => (
          <Columns
            main={
              <>
                {found.coaches.length === 0 ? (
                  <Card>
                    <EmptyState icon="profile" title={t('coaching.people.nobody')}>
                      {t('coaching.people.nobodyText')}
                    </EmptyState>
                  </Card>
                ) : null}
                {found.coaches.map((coach) => (
                  <Coach key={coach.coach_id} coach={coach} scopes={found.scopes} />
                ))}
                {found.coaches.length > 0 || found.past.length > 0 ? <Reads /> : null}
              </>
            }
            aside={
              <>
                <Invite found={found} />
                <Past found={found} />
              </>
            }
          />
        )}
      </QueryState>
    </Screen>
  );
}

function useAgain() {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: keys.coaching });
}

function Coach({ coach, scopes }: { coach: CoachAccess; scopes: PeopleWithAccess['scopes'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const again = useAgain();
  const [edited, setEdited] = useState<Share[] | null>(null);
  const path = { params: { path: { coach_id: coach.coach_id } } };
  const change = useMutation({
    mutationFn: (chosen: Share[]) =>
      answer(api().PUT('/api/v1/coaching/coaches/{coach_id}', { ...path, body: { scopes: chosen } })),
    onSuccess: () => {
      setEdited(null);
      again();
    },
  });
  const end = useMutation({
    mutationFn: () => answer(api().DELETE('/api/v1/coaching/coaches/{coach_id}', path)),
    onSuccess: again,
  });
  const isAsked = coach.state === 'asked';
  const error = change.error ?? end.error;
  return (
    <Card title={coach.name} testID="coach">
      {error ? <Banner tone="danger" urgent title={errorText(error).message} /> : null}
      <Row gap="s" wrap>
        <Badge
          tone={isAsked ? 'warning' : 'success'}
          label={t(isAsked ? 'coaching.people.asks' : 'coaching.people.sees')}
        />
        <Text variant="caption" tone="textSecondary">
          {coach.email}
        </Text>
      </Row>
      {coach.message ? <Text>{coach.message}</Text> : null}
      <Box gap="xs" role="list">
        {coach.scopes.map((scope) => (
          <Text key={scope} role="listitem">
            {t(`coaching.scope.${scope}`)}
          </Text>
        ))}
      </Box>
      <Text variant="caption" tone="textSecondary">
        {t(isAsked ? 'coaching.people.askedOn' : 'coaching.people.since', {
          instant: format.instant(coach.since),
        })}
        {coach.last_read_at
          ? ` ${t('coaching.people.lastRead', { instant: format.instant(coach.last_read_at) })}`
          : ''}
      </Text>
      <Row gap="s" wrap>
        <Button
          label={t(isAsked ? 'coaching.people.answer' : 'coaching.people.change')}
          accessibilityLabel={t('coaching.people.changeOf', { name: coach.name })}
          variant={isAsked ? 'primary' : 'secondary'}
          onPress={() => setEdited([...coach.scopes])}
        />
        <Button
          label={t(isAsked ? 'coaching.people.refuse' : 'coaching.people.revoke')}
          accessibilityLabel={t('coaching.people.revokeOf', { name: coach.name })}
          variant="secondary"
          busy={end.isPending}
          onPress={() => end.mutate()}
        />
      </Row>
      <Dialog
        title={t('coaching.people.choose', { name: coach.name })}
        open={edited !== null}
        onClose={() => setEdited(null)}
      >
        <ScopeChoice scopes={scopes} chosen={edited ?? []} onChange={setEdited} />
        <Row gap="s" justify="flex-end" wrap>
          <Button label={t('action.cancel')} variant="secondary" onPress={() => setEdited(null)} />
          <Button
            label={t('coaching.people.share')}
            disabled={(edited ?? []).length === 0}
            busy={change.isPending}
            onPress={() => change.mutate(edited ?? [])}
          />
        </Row>
      </Dialog>
    </Card>
  );
}

function Invite({ found }: { found: PeopleWithAccess }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const again = useAgain();
  const [email, setEmail] = useState('');
  const [chosen, setChosen] = useState<Share[]>(
    found.scopes.filter((one) => one.is_suggested).map((one) => one.scope),
  );
  const invite = useMutation({
    mutationFn: () =>
      answer(
        api().POST('/api/v1/coaching/invitations', {
          body: { scopes: chosen, email: email.trim() === '' ? null : email.trim() },
        }),
      ),
    onSuccess: again,
  });
  const withdraw = useMutation({
    mutationFn: (invitation_id: string) =>
      answer(
        api().DELETE('/api/v1/coaching/invitations/{invitation_id}', { params: { path: { invitation_id } } }),
      ),
    onSuccess: () => {
      invite.reset();
      again();
    },
  });
  const error = invite.error ?? withdraw.error;
  return (
    <Card title={t('coaching.invite.title')} caption={t('coaching.invite.caption')} testID="invite-coach">
      {error ? <Banner tone="danger" urgent title={errorText(error).message} /> : null}
      <ScopeChoice scopes={found.scopes} chosen={chosen} onChange={setChosen} />
      <TextField
        label={t('coaching.invite.email')}
        hint={t('coaching.invite.emailHint')}
        value={email}
        onChangeText={setEmail}
        inputMode="email"
        autoCapitalize="none"
        maxLength={254}
      />
      <Button
        label={t('coaching.invite.make')}
        disabled={chosen.length === 0}
        busy={invite.isPending}
        onPress={() => invite.mutate()}
      />
      {invite.data?.code ? (
        <Banner tone="success" title={t('coaching.invite.code')}>
          <Text variant="stat" selectable testID="coach-code">
            {invite.data.code}
          </Text>
        </Banner>
      ) : null}
      {invite.data && !invite.data.code ? (
        <Banner tone="success" title={t('coaching.invite.sent', { email: invite.data.email ?? '' })} />
      ) : null}
      {found.invitations.map((one) => (
        <Row key={one.id} gap="s" justify="space-between" wrap>
          <Text variant="caption" shrink>
            {t(one.email ? 'coaching.invite.waitsFor' : 'coaching.invite.waits', {
              email: one.email ?? '',
              instant: format.instant(one.expires_at),
            })}
          </Text>
          <Button
            label={t('coaching.invite.withdraw')}
            variant="quiet"
            small
            onPress={() => withdraw.mutate(one.id)}
          />
        </Row>
      ))}
    </Card>
  );
}

function Reads() {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const reads = useQuery(readsQuery());
  return (
    <Card title={t('coaching.reads.title')} caption={t('coaching.reads.caption')}>
      <QueryState query={reads} skeleton={{ count: 2, height: 32 }}>
        {({ items }) =>
          items.length === 0 ? (
            <Text tone="textSecondary">{t('coaching.reads.none')}</Text>
          ) : (
            <Box gap="s" role="list">
              {items.map((one) => {
                const key = `coaching.read.${one.what}`;
                const what = i18n.exists(key) ? t(key as 'coaching.read.get_activity') : one.what;
                return (
                  <Row
                    key={`${one.coach_id}${one.day}${one.what}${one.item}`}
                    gap="s"
                    justify="space-between"
                    wrap
                    role="listitem"
                  >
                    <Text shrink>{t('coaching.reads.one', { name: one.coach_name, what })}</Text>
                    <Text variant="caption" tone="textSecondary">
                      {t('coaching.reads.times', { count: one.times, instant: format.instant(one.last_at) })}
                    </Text>
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

function Past({ found }: { found: PeopleWithAccess }) {
  const { t } = useTranslation();
  const format = useFormat();
  const ended = found.past.filter((one) => one.ended_by !== 'change');
  if (ended.length === 0) return null;
  return (
    <Card title={t('coaching.people.past')} folds>
      <Box gap="xs" role="list">
        {ended.map((one) => (
          <Text key={`${one.coach_id}${one.ended_at}`} variant="caption" role="listitem">
            {t('coaching.people.ended', { name: one.name, instant: format.instant(one.ended_at) })}
          </Text>
        ))}
      </Box>
    </Card>
  );
}
