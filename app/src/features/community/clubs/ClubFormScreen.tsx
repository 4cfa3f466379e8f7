import { useQuery } from '@tanstack/react-query';
import { useLocalSearchParams, useRouter } from 'expo-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { isNotFound } from '@/api/errors';
import {
  Banner,
  Button,
  Card,
  Checkbox,
  EmptyState,
  Grid,
  Row,
  Screen,
  Select,
  Text,
  TextField,
} from '@/design';
import { ConfirmDialog } from '@/features/shell/ConfirmDialog';
import { useDraft } from '@/features/shell/drafts';
import { QueryState } from '@/features/shell/QueryState';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';

import { useCommunityChange } from '../communityQueries';
import { type Club, clubQuery, isRunning, type NewClub } from './clubQueries';

type Sport = Club['sports'][number];
const SPORTS: readonly Sport[] = [
  'running',
  'cycling',
  'swimming',
  'walking',
  'hiking',
  'rowing',
  'skiing',
  'strength',
];

/** Making a club. */
export function NewClubScreen() {
  const { t } = useTranslation();
  return (
    <Screen
      title={t('club.new')}
      subtitle={t('club.newSubtitle')}
      width="reading"
      back={{ href: '/community/clubs', label: t('club.title') }}
    >
      <Form club={null} />
    </Screen>
  );
}

/** Changing a club, and deleting it. */
export function EditClubScreen() {
  const { t } = useTranslation();
  const { id } = useLocalSearchParams<{ id: string }>();
  const club = useQuery(clubQuery(id));
  const mayNot = isNotFound(club.error) || (club.data !== undefined && !isRunning(club.data.standing));
  return (
    <Screen
      title={t('club.edit')}
      width="reading"
      back={{ href: `/community/clubs/${id}`, label: t('club.one') }}
    >
      {mayNot ? (
        <EmptyState icon="question" title={t('club.goneTitle')}>
          {t('club.goneBody')}
        </EmptyState>
      ) : (
        <QueryState query={club} skeleton={{ count: 2, height: 180 }}>
          {(held) => (
            <>
              <Form key={held.id} club={held} />
              {held.standing === 'owner' ? <Delete club={held} /> : null}
            </>
          )}
        </QueryState>
      )}
    </Screen>
  );
}

function Form({ club }: { club: Club | null }) {
  const { t } = useTranslation();
  const router = useRouter();
  const errorText = useErrorText();
  const draft = useDraft(`club.${club?.id ?? 'new'}`, {
    name: club?.name ?? '',
    description: club?.description ?? '',
  });
  const { name, description } = draft.values;
  const [sports, setSports] = useState<readonly Sport[]>(club?.sports ?? []);
  const [joining, setJoining] = useState<Club['joining']>(club?.joining ?? 'request');
  const [isListed, setListed] = useState(club?.is_listed ?? false);
  const save = useCommunityChange(
    (body: NewClub) =>
      club === null
        ? answer(api().POST('/api/v1/community/clubs', { body }))
        : answer(
            api().PATCH('/api/v1/community/clubs/{club_id}', {
              params: { path: { club_id: club.id } },
              body,
            }),
          ),
    (saved) => {
      draft.forget();
      router.replace(`/community/clubs/${saved.id}`);
    },
  );
  const failure = save.error ? errorText(save.error) : null;
  return (
    <>
      {failure ? (
        <Banner tone="danger" urgent title={failure.message}>
          {failure.remedy}
        </Banner>
      ) : null}
      <Card title={t('club.what')}>
        <UnsavedLine draft={draft} discards />
        <TextField
          label={t('club.name')}
          value={name}
          onChangeText={(next) => draft.change({ name: next })}
          maxLength={60}
        />
        <TextField
          label={t('club.description')}
          hint={t('club.descriptionHint')}
          value={description}
          onChangeText={(next) => draft.change({ description: next })}
          multiline
          maxLength={2000}
        />
        <Text variant="label">{t('club.sports')}</Text>
        <Grid minWidth={140} gap="xs">
          {SPORTS.map((sport) => (
            <Checkbox
              key={sport}
              label={t(`sport.${sport}`)}
              checked={sports.includes(sport)}
              onChange={(on) => setSports(on ? [...sports, sport] : sports.filter((one) => one !== sport))}
            />
          ))}
        </Grid>
      </Card>
      <Card title={t('club.who')}>
        <Select<Club['joining']>
          label={t('club.joiningLabel')}
          value={joining}
          onChange={setJoining}
          options={(['open', 'request', 'invitation'] as const).map((value) => ({
            value,
            label: t(`club.joining.${value}`),
          }))}
        />
        <Checkbox label={t('club.listed')} checked={isListed} onChange={setListed} />
        <Text variant="caption" tone="textSecondary">
          {t('club.listedHint')}
        </Text>
        <Row>
          <Button
            label={t(club === null ? 'club.make' : 'action.save')}
            busy={save.isPending}
            disabled={name.trim() === ''}
            onPress={() =>
              save.mutate({ name, description, sports: [...sports], joining, is_listed: isListed })
            }
          />
        </Row>
      </Card>
    </>
  );
}

function Delete({ club }: { club: Club }) {
  const { t } = useTranslation();
  const router = useRouter();
  const [asking, setAsking] = useState(false);
  const remove = useCommunityChange(
    () =>
      answer(api().DELETE('/api/v1/community/clubs/{club_id}', { params: { path: { club_id: club.id } } })),
    () => router.replace('/community/clubs'),
  );
  return (
    <Row>
      <Button label={t('club.delete')} variant="quiet" onPress={() => setAsking(true)} />
      <ConfirmDialog
        title={t('club.delete')}
        body={t('club.deleteBody')}
        confirmLabel={t('club.delete')}
        open={asking}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(undefined)}
        onClose={() => setAsking(false)}
      />
    </Row>
  );
}
