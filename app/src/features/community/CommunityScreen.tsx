import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { Banner, Button, Columns, EmptyState, Screen, useLayout } from '@/design';
import { QueryState } from '@/features/shell/QueryState';

import { MyChallenges } from './challenges/MyChallenges';
import { feedQuery, membershipQuery } from './communityQueries';
import { JoinCard } from './JoinCard';
import { PostList } from './PostList';
import { RemovalsNotice } from './RemovalsNotice';

/** What friends share; before that, a handle has to be chosen. */
export function CommunityScreen() {
  const { t } = useTranslation();
  const { isWide } = useLayout();
  const membership = useQuery(membershipQuery());
  const hasJoined = Boolean(membership.data?.profile);
  return (
    <Screen
      title={t('community.title')}
      subtitle={t('community.subtitle')}
      width={isWide && hasJoined ? 'wide' : 'reading'}
      actions={
        hasJoined ? (
          <>
            <Button href="/community/challenges" label={t('challenge.title')} variant="secondary" />
            <Button href="/community/clubs" label={t('club.title')} variant="secondary" />
            <Button href="/live/rooms" label={t('together.title')} variant="secondary" />
            <Button
              href="/community/people"
              label={t('community.people')}
              icon="people"
              variant="secondary"
            />
          </>
        ) : undefined
      }
      onRefresh={() => void membership.refetch()}
      refreshing={membership.isRefetching}
    >
      <QueryState query={membership} skeleton={{ count: 2, height: 180 }}>
        {({ profile, requests }) =>
          profile === null || profile === undefined ? (
            <JoinCard profile={null} />
          ) : (
            <>
              {requests > 0 ? (
                <Banner
                  title={t('community.requestsWaiting', { count: requests })}
                  action={
                    <Button href="/community/people" label={t('community.look')} variant="secondary" small />
                  }
                />
              ) : null}
              <RemovalsNotice />
              {isWide ? <Columns main={<Feed />} aside={<MyChallenges />} /> : <Feed />}
            </>
          )
        }
      </QueryState>
    </Screen>
  );
}

function Feed() {
  const { t } = useTranslation();
  const feed = useInfiniteQuery(feedQuery());
  return (
    <PostList
      query={feed}
      empty={
        <EmptyState
          icon="people"
          title={t('community.emptyTitle')}
          action={<Button href="/community/people" label={t('community.findPeople')} />}
        >
          {t('community.emptyBody')}
        </EmptyState>
      }
    />
  );
}
