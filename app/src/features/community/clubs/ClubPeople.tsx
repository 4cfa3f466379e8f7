import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { Badge, Banner, Box, Button, Card, Row, Text } from '@/design';
import { ConfirmDialog } from '@/features/shell/ConfirmDialog';
import { QueryState } from '@/features/shell/QueryState';
import { useErrorText } from '@/features/shell/useErrorText';

import { useCommunityChange } from '../communityQueries';
import { InviteCard } from '../InviteCard';
import {
  type Club,
  clubPeopleQuery,
  type ClubPerson,
  type GivenStanding,
  isMember,
  isRunning,
  type Standing,
} from './clubQueries';

/** What can be done with somebody, in the order of the buttons; the server decides what may be. */
type Act = 'accept' | 'refuse' | 'promote' | 'demote' | 'handOver' | 'remove' | 'ban' | 'letIn' | 'uninvite';
const GIVES: Partial<Record<Act, GivenStanding>> = {
  accept: 'member',
  promote: 'organiser',
  demote: 'member',
  handOver: 'owner',
  ban: 'banned',
};
const CONFIRMED: readonly Act[] = ['handOver', 'remove', 'ban'];

function actsOn(person: ClubPerson, own: Club['standing']): Act[] {
  if (person.is_you || !isRunning(own)) return [];
  switch (person.standing) {
    case 'requested':
      return ['accept', 'refuse'];
    case 'invited':
      return ['uninvite'];
    case 'banned':
      return ['letIn'];
    case 'member':
      return own === 'owner' ? ['promote', 'handOver', 'remove', 'ban'] : ['remove', 'ban'];
    case 'organiser':
      return own === 'owner' ? ['demote', 'handOver', 'remove', 'ban'] : [];
    default:
      return [];
  }
}

/** Who is in a club; for those who run it also who asks, was asked, or is kept out. */
export function ClubPeople({ club }: { club: Club }) {
  const { t } = useTranslation();
  const runs = isRunning(club.standing);
  return (
    <>
      {runs ? <Group club={club} standing="requested" /> : null}
      <Group club={club} standing={null} />
      {runs ? (
        <>
          <Invite club={club} />
          <Group club={club} standing="invited" />
          <Group club={club} standing="banned" />
        </>
      ) : (
        <Text variant="caption" tone="textSecondary">
          {t('club.peopleCaption')}
        </Text>
      )}
    </>
  );
}

function Group({ club, standing }: { club: Club; standing: Standing | null }) {
  const { t } = useTranslation();
  const people = useQuery(clubPeopleQuery(club.id, standing));
  const title = t(
    `club.group.${standing === 'requested' || standing === 'invited' || standing === 'banned' ? standing : 'members'}`,
  );
  if (standing !== null && !people.data?.items.length) return null;
  return (
    <Card title={title}>
      <QueryState query={people} skeleton={{ count: 3, height: 44 }}>
        {({ items }) => (
          <Box gap="m" role="list" aria-label={title}>
            {items.map((person) => (
              <OnePerson key={person.handle} club={club} person={person} />
            ))}
          </Box>
        )}
      </QueryState>
    </Card>
  );
}

function OnePerson({ club, person }: { club: Club; person: ClubPerson }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [isOpen, setOpen] = useState(false);
  const [asking, setAsking] = useState<Act | null>(null);
  const where = { params: { path: { club_id: club.id, handle: person.handle } } };
  const change = useCommunityChange(
    async (act: Act) => {
      const standing = GIVES[act];
      if (standing === undefined)
        await answer(api().DELETE('/api/v1/community/clubs/{club_id}/people/{handle}', where));
      else
        await answer(
          api().PUT('/api/v1/community/clubs/{club_id}/people/{handle}', { ...where, body: { standing } }),
        );
    },
    () => setAsking(null),
  );
  const acts = actsOn(person, club.standing);
  const isIn = isMember(person.standing);
  const named = { name: person.name };
  return (
    <Box gap="s" role="listitem">
      <Row gap="m" justify="space-between" wrap>
        <Box shrink minWidth={0}>
          <Button
            href={`/community/people/${person.handle}`}
            label={person.is_you ? t('club.you', named) : person.name}
            variant="quiet"
            flush="start"
            small
          />
          <Text variant="caption" tone="textSecondary">
            @{person.handle}
          </Text>
        </Box>
        <Row gap="s">
          {person.standing === 'owner' || person.standing === 'organiser' ? (
            <Badge label={t(`club.role.${person.standing}`)} />
          ) : null}
          {isIn && acts.length > 0 ? (
            <Button
              small
              variant="quiet"
              label={t('club.change')}
              accessibilityLabel={t('club.changeOf', named)}
              onPress={() => setOpen(!isOpen)}
            />
          ) : null}
        </Row>
      </Row>
      {change.error && asking === null ? (
        <Banner tone="danger" urgent title={errorText(change.error).message} />
      ) : null}
      {acts.length > 0 && (isOpen || !isIn) ? (
        <Row gap="s" wrap>
          {acts.map((act) => (
            <Button
              key={act}
              small
              variant={act === 'accept' ? 'primary' : 'secondary'}
              label={t(`club.act.${act}`)}
              accessibilityLabel={t(`club.actOn.${act}`, named)}
              busy={change.isPending}
              onPress={() => (CONFIRMED.includes(act) ? setAsking(act) : change.mutate(act))}
            />
          ))}
        </Row>
      ) : null}
      {asking === 'handOver' || asking === 'remove' || asking === 'ban' ? (
        <ConfirmDialog
          title={t(`club.actOn.${asking}`, named)}
          body={t(`club.confirm.${asking}`)}
          confirmLabel={t(`club.act.${asking}`)}
          open
          busy={change.isPending}
          error={change.error}
          onConfirm={() => change.mutate(asking)}
          onClose={() => setAsking(null)}
        />
      ) : null}
    </Box>
  );
}

function Invite({ club }: { club: Club }) {
  const { t } = useTranslation();
  return (
    <InviteCard
      title={t('club.invite')}
      caption={t('club.inviteCaption')}
      act={t('club.inviteAct')}
      folds
      invite={(handle) =>
        answer(
          api().PUT('/api/v1/community/clubs/{club_id}/people/{handle}', {
            params: { path: { club_id: club.id, handle } },
            body: { standing: 'invited' },
          }),
        )
      }
    />
  );
}
