import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import {
  Badge,
  Box,
  Button,
  Card,
  EmptyState,
  Row,
  Screen,
  SegmentedControl,
  Text,
  TextField,
} from '@/design';
import { MoreButton } from '@/features/shell/MoreButton';
import { QueryState } from '@/features/shell/QueryState';

import { eachOnce, membershipQuery } from '../communityQueries';
import { JoinCard } from '../JoinCard';
import { type Club, clubsQuery, type WhichClubs } from './clubQueries';
import { ClubLine } from './ClubLine';

/** One's own clubs, and those on this server that want to be found. */
export function ClubsScreen() {
  const { t } = useTranslation();
  const membership = useQuery(membershipQuery());
  const hasJoined = Boolean(membership.data?.profile);
  return (
    <Screen
      title={t('club.title')}
      subtitle={t('club.subtitle')}
      width="reading"
      back={{ href: '/community', label: t('community.title') }}
      actions={hasJoined ? <Button href="/community/clubs/new" label={t('club.new')} /> : undefined}
    >
      <QueryState query={membership} skeleton={{ count: 2, height: 120 }}>
        {({ profile }) => (profile ? <Lists /> : <JoinCard profile={null} />)}
      </QueryState>
    </Screen>
  );
}

function Lists() {
  const { t } = useTranslation();
  const [which, setWhich] = useState<WhichClubs>('mine');
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState('');
  const list = useInfiniteQuery(clubsQuery(which, which === 'listed' ? asked : ''));
  return (
    <>
      <SegmentedControl<WhichClubs>
        label={t('club.which')}
        value={which}
        onChange={setWhich}
        options={(['mine', 'listed'] as const).map((value) => ({ value, label: t(`club.list.${value}`) }))}
      />
      {which === 'listed' ? (
        <Row gap="s">
          <Box flex={1} minWidth={0}>
            <TextField
              label={t('club.search')}
              hideLabel
              placeholder={t('club.search')}
              value={typed}
              onChangeText={setTyped}
              onSubmitEditing={() => setAsked(typed.trim())}
              maxLength={60}
            />
          </Box>
          <Button
            label={t('community.find')}
            icon="search"
            variant="secondary"
            onPress={() => setAsked(typed.trim())}
          />
        </Row>
      ) : null}
      <QueryState query={list} skeleton={{ count: 3, height: 120 }}>
        {(held) => {
          const items = eachOnce(held.pages);
          if (items.length === 0)
            return (
              <EmptyState icon="people" title={t(`club.none.${which}`)}>
                {t(`club.noneBody.${which}`)}
              </EmptyState>
            );
          return (
            <Box gap="m" role="list" aria-label={t('club.title')}>
              {items.map((club) => (
                <Box key={club.id} role="listitem">
                  <ClubCard club={club} />
                </Box>
              ))}
              <MoreButton list={list} />
            </Box>
          );
        }}
      </QueryState>
    </>
  );
}

function ClubCard({ club }: { club: Club }) {
  const { t } = useTranslation();
  return (
    <Card>
      <Row justify="space-between" gap="m" wrap>
        <Box shrink minWidth={0}>
          <Button
            href={`/community/clubs/${club.id}`}
            label={club.name}
            variant="quiet"
            flush="start"
            small
          />
          <ClubLine club={club} />
        </Box>
        <Row gap="s" wrap>
          {club.requests ? (
            <Badge tone="warning" label={t('club.requests', { count: club.requests })} />
          ) : null}
          {club.standing === 'none' ? null : <Badge label={t(`club.standing.${club.standing}`)} />}
        </Row>
      </Row>
      {club.description ? (
        <Text tone="textSecondary" numberOfLines={2}>
          {club.description}
        </Text>
      ) : null}
    </Card>
  );
}
