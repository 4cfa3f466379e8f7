import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Badge, Box, Button, Card, EmptyState, Row, Screen, SegmentedControl, Text } from '@/design';
import { MoreButton } from '@/features/shell/MoreButton';
import { QueryState } from '@/features/shell/QueryState';

import { eachOnce, membershipQuery } from '../communityQueries';
import { JoinCard } from '../JoinCard';
import { type Challenge, challengesQuery, type ListedState } from './challengeQueries';
import { useChallengeWords } from './useChallengeWords';

/** Challenges to join, one's own, and those that are over. */
export function ChallengesScreen() {
  const { t } = useTranslation();
  const membership = useQuery(membershipQuery());
  const hasJoined = Boolean(membership.data?.profile);
  return (
    <Screen
      title={t('challenge.title')}
      subtitle={t('challenge.subtitle')}
      width="reading"
      back={{ href: '/community', label: t('community.title') }}
      actions={hasJoined ? <Button href="/community/challenges/new" label={t('challenge.new')} /> : undefined}
    >
      <QueryState query={membership} skeleton={{ count: 2, height: 120 }}>
        {({ profile }) => (profile ? <Lists /> : <JoinCard profile={null} />)}
      </QueryState>
    </Screen>
  );
}

function Lists() {
  const { t } = useTranslation();
  const [state, setState] = useState<ListedState>('mine');
  const list = useInfiniteQuery(challengesQuery(state));
  return (
    <>
      <SegmentedControl<ListedState>
        label={t('challenge.which')}
        value={state}
        onChange={setState}
        options={(['mine', 'open', 'ended'] as const).map((value) => ({
          value,
          label: t(`challenge.list.${value}`),
        }))}
      />
      <QueryState query={list} skeleton={{ count: 3, height: 120 }}>
        {(held) => {
          const items = eachOnce(held.pages);
          if (items.length === 0)
            return (
              <EmptyState icon="people" title={t(`challenge.none.${state}`)}>
                {t('challenge.noneBody')}
              </EmptyState>
            );
          return (
            <Box gap="m" role="list" aria-label={t('challenge.title')}>
              {items.map((challenge) => (
                <Box key={challenge.id} role="listitem">
                  <ChallengeCard challenge={challenge} />
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

function ChallengeCard({ challenge }: { challenge: Challenge }) {
  const { t } = useTranslation();
  const words = useChallengeWords();
  return (
    <Card>
      <Row justify="space-between" gap="m" wrap>
        <Box shrink minWidth={0}>
          <Button
            href={`/community/challenges/${challenge.id}`}
            label={challenge.title}
            variant="quiet"
            flush="start"
            small
          />
          <Text variant="caption" tone="textSecondary">
            {[words.kind(challenge), words.days(challenge)].join(' · ')}
          </Text>
          <Text variant="caption" tone="textSecondary">
            {t('challenge.people', { count: challenge.people })}
          </Text>
        </Box>
        {challenge.entry ? (
          <Text variant="bodyStrong">{words.score(challenge.entry.score, challenge)}</Text>
        ) : challenge.is_invited ? (
          <Badge label={t('challenge.invited')} />
        ) : null}
      </Row>
    </Card>
  );
}
