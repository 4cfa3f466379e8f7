import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocalSearchParams, useRouter } from 'expo-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import {
  Banner,
  Box,
  Button,
  Card,
  Columns,
  EmptyState,
  ListRow,
  Row,
  Screen,
  Select,
  Text,
  TextField,
} from '@/design';
import { useDraft } from '@/features/shell/drafts';
import { QueryState } from '@/features/shell/QueryState';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';

import { AthleteStatus } from './AthleteStatus';
import { coachedAthletesQuery, coachGroupsQuery, type Share } from './coachingQueries';
import { GroupsCard } from './GroupsCard';

/** What a coach asks for at first; the athlete decides. */
const ASKED: Share[] = ['activities', 'numbers', 'plan', 'plan_proposals'];

/** The athletes who let this person in, with how each is doing. */
export function CoachingScreen() {
  const { t } = useTranslation();
  const [group, setGroup] = useState<string | null>(null);
  const groups = useQuery(coachGroupsQuery()).data?.items ?? [];
  const chosen = groups.some((one) => one.id === group) ? group : null;
  const athletes = useQuery(coachedAthletesQuery(chosen));
  return (
    <Screen
      title={t('coaching.athletes.title')}
      subtitle={t('coaching.athletes.subtitle')}
      back={{ href: '/profile', label: t('profile.title') }}
    >
      <Columns
        main={
          <>
            {groups.length > 0 ? (
              <Select<string>
                label={t('coaching.groups.filter')}
                value={chosen ?? ''}
                onChange={(id) => setGroup(id === '' ? null : id)}
                options={[
                  { value: '', label: t('coaching.groups.all') },
                  ...groups.map((one) => ({ value: one.id, label: one.name })),
                ]}
              />
            ) : null}
            <QueryState query={athletes} skeleton={{ count: 3, height: 96 }}>
              {({ items }) =>
                items.length === 0 ? (
                  <Card>
                    <EmptyState
                      icon="profile"
                      title={t(chosen ? 'coaching.groups.empty' : 'coaching.athletes.nobody')}
                    >
                      {t(chosen ? 'coaching.groups.emptyText' : 'coaching.athletes.nobodyText')}
                    </EmptyState>
                  </Card>
                ) : (
                  <Box gap="s">
                    {items.map((athlete) => (
                      <ListRow
                        key={athlete.athlete_id}
                        href={`/coaching/${athlete.athlete_id}`}
                        label={athlete.name}
                      >
                        <Text variant="bodyStrong">{athlete.name}</Text>
                        <AthleteStatus status={athlete.status} />
                      </ListRow>
                    ))}
                  </Box>
                )
              }
            </QueryState>
          </>
        }
        aside={
          <>
            <Card title={t('together.title')} caption={t('together.coachCaption')}>
              <Row>
                <Button href="/live/rooms" label={t('together.rooms')} icon="people" variant="secondary" />
              </Row>
            </Card>
            <UseCode />
            <Ask />
            <GroupsCard />
          </>
        }
      />
    </Screen>
  );
}

function UseCode() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const client = useQueryClient();
  const router = useRouter();
  const { code: given } = useLocalSearchParams<{ code?: string }>();
  const [code, setCode] = useState(given ?? '');
  const use = useMutation({
    mutationFn: () => answer(api().POST('/api/v1/coaching/athletes', { body: { code: code.trim() } })),
    onSuccess: ({ athlete_id }) => {
      void client.invalidateQueries({ queryKey: keys.coaching });
      router.push(`/coaching/${athlete_id}`);
    },
  });
  return (
    <Card title={t('coaching.code.title')} caption={t('coaching.code.caption')}>
      {use.error ? <Banner tone="danger" urgent title={errorText(use.error).message} /> : null}
      <TextField
        label={t('coaching.code.label')}
        value={code}
        onChangeText={setCode}
        autoCapitalize="none"
        maxLength={100}
      />
      <Button
        label={t('coaching.code.use')}
        disabled={code.trim().length < 8}
        busy={use.isPending}
        onPress={() => use.mutate()}
      />
    </Card>
  );
}

function Ask() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const draft = useDraft('coach-question', { email: '', message: '' });
  const { email, message } = draft.values;
  const ask = useMutation({
    mutationFn: () =>
      answer(
        api().POST('/api/v1/coaching/questions', {
          body: {
            email: email.trim(),
            scopes: ASKED,
            message: message.trim() === '' ? null : message.trim(),
          },
        }),
      ),
    onSuccess: draft.forget,
  });
  return (
    <Card title={t('coaching.ask.title')} caption={t('coaching.ask.caption')} folds>
      {ask.error ? <Banner tone="danger" urgent title={errorText(ask.error).message} /> : null}
      {ask.isSuccess ? <Banner tone="success" title={t('coaching.ask.done')} /> : null}
      <UnsavedLine draft={draft} />
      <TextField
        label={t('coaching.ask.email')}
        value={email}
        onChangeText={(next) => draft.change({ email: next })}
        inputMode="email"
        autoCapitalize="none"
        maxLength={254}
      />
      <TextField
        label={t('coaching.ask.message')}
        value={message}
        onChangeText={(next) => draft.change({ message: next })}
        maxLength={300}
        multiline
      />
      <Button
        label={t('coaching.ask.send')}
        variant="secondary"
        disabled={!email.includes('@')}
        busy={ask.isPending}
        onPress={() => ask.mutate()}
      />
    </Card>
  );
}
