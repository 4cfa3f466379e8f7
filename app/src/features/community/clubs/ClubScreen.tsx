import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useLocalSearchParams, useRouter } from 'expo-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { isNotFound } from '@/api/errors';
import { Badge, Banner, Button, Card, Columns, EmptyState, Row, Screen, Text } from '@/design';
import { ConfirmDialog } from '@/features/shell/ConfirmDialog';
import { QueryState } from '@/features/shell/QueryState';
import { useErrorText } from '@/features/shell/useErrorText';

import { useCommunityChange } from '../communityQueries';
import { PostList } from '../PostList';
import { ReportButton } from '../ReportButton';
import { ClubChallenges } from './ClubChallenges';
import { ClubLine } from './ClubLine';
import { ClubPeople } from './ClubPeople';
import { ClubSegments } from './ClubSegments';
import { type Club, clubPostsQuery, clubQuery, isMember, isRunning } from './clubQueries';

/** A club: what it is, who is in it, and what is shared with it. */
export function ClubScreen() {
  const { t } = useTranslation();
  const { id } = useLocalSearchParams<{ id: string }>();
  const club = useQuery(clubQuery(id));
  const back = { href: '/community/clubs', label: t('club.title') } as const;
  const held = club.data;
  if (isNotFound(club.error) || held === undefined)
    return (
      <Screen title={t('club.one')} back={back} width="reading">
        {isNotFound(club.error) ? (
          <EmptyState icon="question" title={t('club.goneTitle')}>
            {t('club.goneBody')}
          </EmptyState>
        ) : (
          <QueryState query={club} skeleton={{ count: 2, height: 180 }}>
            {() => null}
          </QueryState>
        )}
      </Screen>
    );
  return (
    <Screen
      title={held.name}
      back={back}
      actions={
        isRunning(held.standing) ? (
          <Button href={`/community/clubs/${held.id}/edit`} label={t('club.edit')} variant="secondary" />
        ) : undefined
      }
    >
      <Columns
        main={
          <>
            <About club={held} />
            {isMember(held.standing) ? <ClubChallenges club={held} /> : null}
            {isMember(held.standing) ? <ClubSegments club={held} /> : null}
            {isMember(held.standing) ? <Posts club={held} /> : null}
          </>
        }
        aside={
          <>
            {isMember(held.standing) ? <ClubPeople club={held} /> : null}
            {isMember(held.standing) ? <Leave club={held} /> : null}
          </>
        }
      />
    </Screen>
  );
}

function About({ club }: { club: Club }) {
  const { t } = useTranslation();
  return (
    <Card>
      <Row gap="s" wrap>
        {club.standing === 'none' ? null : <Badge label={t(`club.standing.${club.standing}`)} />}
        {club.is_listed ? null : <Badge label={t('club.hidden')} />}
      </Row>
      {club.description ? <Text>{club.description}</Text> : null}
      <ClubLine club={club} />
      {club.owner ? (
        <Row gap="xs" wrap>
          <Text variant="caption" tone="textSecondary">
            {t('club.runBy')}
          </Text>
          <Button
            href={`/community/people/${club.owner.handle}`}
            label={club.owner.name}
            variant="quiet"
            flush="start"
            small
          />
        </Row>
      ) : null}
      {isMember(club.standing) ? null : <Join club={club} />}
      {isRunning(club.standing) ? null : (
        <Row>
          <ReportButton subject={{ club_id: club.id }} />
        </Row>
      )}
    </Card>
  );
}

const at = (club: Club) => ({ params: { path: { club_id: club.id } } });

function Join({ club }: { club: Club }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const join = useCommunityChange(() =>
    answer(api().PUT('/api/v1/community/clubs/{club_id}/membership', at(club))),
  );
  const drop = useCommunityChange(() =>
    answer(api().DELETE('/api/v1/community/clubs/{club_id}/membership', at(club))),
  );
  const error = join.error ?? drop.error;
  const failure = error ? errorText(error) : null;
  const mayJoin = club.standing === 'invited' || (club.standing === 'none' && club.joining !== 'invitation');
  const isWaiting = club.standing === 'invited' || club.standing === 'requested';
  const asks = club.joining === 'request' && club.standing === 'none';
  return (
    <>
      {failure ? (
        <Banner tone="danger" urgent title={failure.message}>
          {failure.remedy}
        </Banner>
      ) : null}
      {club.standing === 'requested' ? <Text tone="textSecondary">{t('club.waiting')}</Text> : null}
      {club.standing === 'none' && !mayJoin ? (
        <Text tone="textSecondary">{t('club.byInvitation')}</Text>
      ) : null}
      <Row gap="s" wrap>
        {mayJoin ? (
          <Button
            label={t(asks ? 'club.ask' : 'club.join')}
            busy={join.isPending}
            onPress={() => join.mutate(undefined)}
          />
        ) : null}
        {isWaiting ? (
          <Button
            label={t(club.standing === 'invited' ? 'club.decline' : 'club.takeBack')}
            variant="secondary"
            busy={drop.isPending}
            onPress={() => drop.mutate(undefined)}
          />
        ) : null}
      </Row>
    </>
  );
}

function Posts({ club }: { club: Club }) {
  const { t } = useTranslation();
  const posts = useInfiniteQuery(clubPostsQuery(club.id));
  return (
    <PostList
      query={posts}
      empty={
        <EmptyState icon="people" title={t('club.noPosts')}>
          {t('club.noPostsBody')}
        </EmptyState>
      }
    />
  );
}

function Leave({ club }: { club: Club }) {
  const { t } = useTranslation();
  const router = useRouter();
  const [asking, setAsking] = useState(false);
  const leave = useCommunityChange(
    () => answer(api().DELETE('/api/v1/community/clubs/{club_id}/membership', at(club))),
    () => router.replace('/community/clubs'),
  );
  return (
    <Row>
      <Button label={t('club.leave')} variant="quiet" onPress={() => setAsking(true)} />
      <ConfirmDialog
        title={t('club.leave')}
        body={t(club.standing === 'owner' ? 'club.leaveOwnerBody' : 'club.leaveBody')}
        confirmLabel={t('club.leave')}
        open={asking}
        busy={leave.isPending}
        error={leave.error}
        onConfirm={() => leave.mutate(undefined)}
        onClose={() => setAsking(false)}
      />
    </Row>
  );
}
