import { useQuery } from '@tanstack/react-query';
import { useLocalSearchParams, useRouter } from 'expo-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { isNotFound } from '@/api/errors';
import { Badge, Banner, Button, Card, Checkbox, EmptyState, Row, Screen, Select, Text } from '@/design';
import { ConfirmDialog } from '@/features/shell/ConfirmDialog';
import { QueryState } from '@/features/shell/QueryState';
import { useErrorText } from '@/features/shell/useErrorText';

import { InviteCard } from '../InviteCard';
import { useCommunityChange } from '../communityQueries';
import { ReportButton } from '../ReportButton';
import { BoardCard } from './BoardCard';
import { type Challenge, challengeQuery, type EntryWish } from './challengeQueries';
import { LadderCard } from './LadderCard';
import { ScoreCard } from './ScoreCard';
import { TeamsCard } from './TeamsCard';
import { useChallengeWords } from './useChallengeWords';

type Level = NonNullable<EntryWish['level']>;

/** A challenge: its rules in a line, one's place, and the board. */
export function ChallengeScreen() {
  const { t } = useTranslation();
  const words = useChallengeWords();
  const { id } = useLocalSearchParams<{ id: string }>();
  const challenge = useQuery(challengeQuery(id));
  const back = { href: '/community/challenges', label: t('challenge.title') } as const;
  const held = challenge.data;
  if (isNotFound(challenge.error) || held === undefined)
    return (
      <Screen title={t('challenge.one')} back={back} width="reading">
        {isNotFound(challenge.error) ? (
          <EmptyState icon="question" title={t('challenge.goneTitle')}>
            {t('challenge.goneBody')}
          </EmptyState>
        ) : (
          <QueryState query={challenge} skeleton={{ count: 2, height: 180 }}>
            {() => null}
          </QueryState>
        )}
      </Screen>
    );
  return (
    <Screen
      title={held.title}
      subtitle={[
        words.kind(held),
        words.days(held),
        held.club
          ? t('challenge.ofClub', { name: held.club.name })
          : t(`challenge.audience.${held.audience}`),
      ].join(' · ')}
      back={back}
      width="reading"
    >
      <Text tone="textSecondary">
        {[
          held.ranked_by === 'own_best' && held.kind !== 'push_ups'
            ? ''
            : t(`challenge.kindHint.${held.kind}`),
          held.ranked_by === 'own_best' ? t('challenge.ladderHint') : '',
        ]
          .filter(Boolean)
          .join(' ')}
      </Text>
      {held.state === 'open' || held.state === 'upcoming' ? null : (
        <Row>
          <Badge label={t(`challenge.state.${held.state}`)} />
        </Row>
      )}
      {held.is_removed ? (
        <Banner
          tone="warning"
          title={t('challenge.removed')}
          action={
            <Button
              href="/community/removals"
              label={t('community.removals.look')}
              variant="secondary"
              small
            />
          }
        />
      ) : null}
      <BoardCard challenge={held} />
      {held.team_size === null ? null : <TeamsCard challenge={held} />}
      {held.entry && held.ranked_by === 'own_best' ? <LadderCard challenge={held} /> : null}
      {held.entry && held.kind === 'push_ups' ? <ScoreCard challenge={held} /> : null}
      {held.is_own && held.audience === 'invited' && !held.club ? <Invite challenge={held} /> : null}
      {held.entry || held.state === 'open' || held.state === 'upcoming' ? (
        <OwnPlace key={held.entry ? 'in' : 'out'} challenge={held} />
      ) : null}
      {held.may_close ? <Delete challenge={held} /> : null}
      {held.is_own ? null : (
        <Row>
          <ReportButton subject={{ challenge_id: held.id }} />
        </Row>
      )}
    </Screen>
  );
}

const at = (challenge: Challenge) => ({ params: { path: { challenge_id: challenge.id } } });

function OwnPlace({ challenge }: { challenge: Challenge }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { entry } = challenge;
  const [isNamed, setNamed] = useState(entry?.is_named ?? true);
  const [age, setAge] = useState(Boolean(entry?.age_band));
  const [sex, setSex] = useState(Boolean(entry?.sex));
  const [level, setLevel] = useState<Level | 'none'>(entry?.level ?? 'none');
  const join = useCommunityChange((body: EntryWish) =>
    answer(api().PUT('/api/v1/community/challenges/{challenge_id}/entry', { ...at(challenge), body })),
  );
  const leave = useCommunityChange(() =>
    answer(api().DELETE('/api/v1/community/challenges/{challenge_id}/entry', at(challenge))),
  );
  const error = join.error ?? leave.error;
  const share = [...(age ? (['age_band'] as const) : []), ...(sex ? (['sex'] as const) : [])];
  return (
    <Card
      title={t(entry ? 'challenge.yourPlace' : 'challenge.takePart')}
      caption={t('challenge.placeCaption')}
    >
      {error ? <Banner tone="danger" urgent title={errorText(error).message} /> : null}
      <Checkbox label={t('challenge.showName')} checked={isNamed} onChange={setNamed} />
      <Checkbox label={t('challenge.shareAge')} checked={age} onChange={setAge} />
      <Checkbox label={t('challenge.shareSex')} checked={sex} onChange={setSex} />
      <Select<Level | 'none'>
        label={t('challenge.level')}
        value={level}
        onChange={setLevel}
        options={(['none', 'beginner', 'intermediate', 'advanced'] as const).map((value) => ({
          value,
          label: t(`challenge.levels.${value}`),
        }))}
      />
      <Row gap="s" wrap>
        <Button
          label={t(entry ? 'action.save' : 'challenge.join')}
          busy={join.isPending}
          onPress={() => join.mutate({ is_named: isNamed, share, level: level === 'none' ? null : level })}
        />
        {entry ? (
          <Button
            label={t('challenge.leave')}
            variant="secondary"
            busy={leave.isPending}
            onPress={() => leave.mutate(undefined)}
          />
        ) : null}
      </Row>
    </Card>
  );
}

function Invite({ challenge }: { challenge: Challenge }) {
  const { t } = useTranslation();
  return (
    <InviteCard
      title={t('challenge.invite')}
      caption={t('challenge.inviteCaption')}
      act={t('challenge.inviteAct')}
      invite={(handle) =>
        answer(
          api().PUT('/api/v1/community/challenges/{challenge_id}/invitations/{handle}', {
            params: { path: { challenge_id: challenge.id, handle } },
          }),
        )
      }
    />
  );
}

function Delete({ challenge }: { challenge: Challenge }) {
  const { t } = useTranslation();
  const router = useRouter();
  const [asking, setAsking] = useState(false);
  const remove = useCommunityChange(
    () => answer(api().DELETE('/api/v1/community/challenges/{challenge_id}', at(challenge))),
    () => router.replace('/community/challenges'),
  );
  return (
    <Row>
      <Button label={t('challenge.delete')} variant="quiet" onPress={() => setAsking(true)} />
      <ConfirmDialog
        title={t('challenge.delete')}
        body={t('challenge.deleteBody')}
        confirmLabel={t('challenge.delete')}
        open={asking}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(undefined)}
        onClose={() => setAsking(false)}
      />
    </Row>
  );
}
