import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useLocalSearchParams, useRouter } from 'expo-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { isNotFound } from '@/api/errors';
import { Banner, Button, EmptyState, Row, Screen, Text } from '@/design';
import { ConfirmDialog } from '@/features/shell/ConfirmDialog';
import { QueryState } from '@/features/shell/QueryState';
import { useErrorText } from '@/features/shell/useErrorText';

import { type Person, personQuery, postsOfQuery, useCommunityChange } from './communityQueries';
import { FeedLinks } from './FeedLinks';
import { PostList } from './PostList';
import { ReportButton } from './ReportButton';

/** A person: following, muting, blocking, and what they share with the viewer. */
export function PersonScreen() {
  const { t } = useTranslation();
  const { handle } = useLocalSearchParams<{ handle: string }>();
  const person = useQuery(personQuery(handle));
  const back = { href: '/community/people', label: t('community.people') } as const;
  if (person.data === undefined) {
    return (
      <Screen title={`@${handle}`} back={back} width="reading">
        {isNotFound(person.error) ? (
          <EmptyState icon="question" title={t('community.nobodyTitle')}>
            {t('community.nobodyBody')}
          </EmptyState>
        ) : (
          <QueryState query={person} skeleton={{ count: 2, height: 180 }}>
            {() => null}
          </QueryState>
        )}
      </Screen>
    );
  }
  return (
    <Screen title={person.data.name} subtitle={`@${person.data.handle}`} back={back} width="reading">
      {person.data.is_you ? null : <Acts person={person.data} />}
      <Posts handle={person.data.handle} />
      {person.data.has_public_feed ? <FeedLinks handle={person.data.handle} /> : null}
    </Screen>
  );
}

function Acts({ person }: { person: Person }) {
  const { t } = useTranslation();
  const router = useRouter();
  const errorText = useErrorText();
  const [blocking, setBlocking] = useState(false);
  const at = { params: { path: { handle: person.handle } } };
  const follow = useCommunityChange((wanted: boolean) =>
    wanted
      ? answer(api().PUT('/api/v1/community/following/{handle}', at))
      : answer(api().DELETE('/api/v1/community/following/{handle}', at)),
  );
  const mute = useCommunityChange((wanted: boolean) =>
    wanted
      ? answer(api().PUT('/api/v1/community/mutes/{handle}', at))
      : answer(api().DELETE('/api/v1/community/mutes/{handle}', at)),
  );
  const block = useCommunityChange(
    () => answer(api().PUT('/api/v1/community/blocks/{handle}', at)),
    () => router.replace('/community/people'),
  );
  const error = follow.error ?? mute.error;
  return (
    <>
      {error ? <Banner tone="danger" urgent title={errorText(error).message} /> : null}
      {person.follows_you ? <Text tone="textSecondary">{t('community.followsYou')}</Text> : null}
      <Row gap="s" wrap>
        <Button
          label={t(`community.follow.${person.following}`)}
          variant={person.following === 'no' ? 'primary' : 'secondary'}
          busy={follow.isPending}
          onPress={() => follow.mutate(person.following === 'no')}
        />
        {person.following === 'yes' ? (
          <Button
            label={t(person.is_muted ? 'community.unmute' : 'community.mute')}
            variant="secondary"
            busy={mute.isPending}
            onPress={() => mute.mutate(!person.is_muted)}
          />
        ) : null}
        <Button label={t('community.block')} variant="secondary" onPress={() => setBlocking(true)} />
        <ReportButton subject={{ handle: person.handle }} />
      </Row>
      <ConfirmDialog
        title={t('community.blockTitle', { name: person.name })}
        body={t('community.blockBody')}
        confirmLabel={t('community.block')}
        open={blocking}
        busy={block.isPending}
        error={block.error}
        onConfirm={() => block.mutate(undefined)}
        onClose={() => setBlocking(false)}
      />
    </>
  );
}

function Posts({ handle }: { handle: string }) {
  const { t } = useTranslation();
  const posts = useInfiniteQuery(postsOfQuery(handle));
  return <PostList query={posts} empty={<Text tone="textSecondary">{t('community.noPosts')}</Text>} />;
}
