import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useLocalSearchParams, useRouter } from 'expo-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { isNotFound } from '@/api/errors';
import { Banner, Box, Button, Card, EmptyState, Row, Screen, Select, Text, TextField } from '@/design';
import { ConfirmDialog } from '@/features/shell/ConfirmDialog';
import { useDraft } from '@/features/shell/drafts';
import { QueryState } from '@/features/shell/QueryState';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import { ShareCard } from './card/ShareCard';
import { audienceBody, type AudienceKey, audienceKey, useAudiences } from './audiences';
import {
  type Comment,
  commentsQuery,
  eachOnce,
  type Post,
  postQuery,
  useCommunityChange,
} from './communityQueries';
import { PostCard } from './PostCard';
import { PostText } from './PostText';
import { ReportButton } from './ReportButton';
import { useOpenPost } from './useOpenPost';

/** A post with what was said to it. */
export function PostScreen() {
  const { t } = useTranslation();
  const { id } = useLocalSearchParams<{ id: string }>();
  const post = useQuery(postQuery(id));
  const others = post.data && !post.data.is_own && !post.data.origin && !isNotFound(post.error);
  useOpenPost(others ? id : null);
  return (
    <Screen
      title={t('community.post')}
      back={{ href: '/community', label: t('community.title') }}
      width="reading"
    >
      {isNotFound(post.error) ? (
        <EmptyState icon="question" title={t('community.goneTitle')}>
          {t('community.goneBody')}
        </EmptyState>
      ) : (
        <QueryState query={post} skeleton={{ count: 2, height: 180 }}>
          {(loaded) => (
            <>
              <PostCard post={loaded} alone />
              {loaded.is_own ? (
                <>
                  <Own post={loaded} />
                  <ShareCard subject={{ post_id: loaded.id }} mayShowRoute={loaded.kind === 'activity'} />
                </>
              ) : (
                <ReportButton subject={{ post_id: loaded.id }} />
              )}
              <Comments post={loaded} />
            </>
          )}
        </QueryState>
      )}
    </Screen>
  );
}

function Own({ post }: { post: Post }) {
  const { t } = useTranslation();
  const router = useRouter();
  const errorText = useErrorText();
  const [deleting, setDeleting] = useState(false);
  const at = { params: { path: { post_id: post.id } } };
  const audiences = useAudiences();
  const change = useCommunityChange((chosen: AudienceKey) =>
    answer(api().PATCH('/api/v1/community/posts/{post_id}', { ...at, body: audienceBody(chosen) })),
  );
  const remove = useCommunityChange(
    () => answer(api().DELETE('/api/v1/community/posts/{post_id}', at)),
    () => router.replace('/community'),
  );
  return (
    <Card>
      {change.error ? <Banner tone="danger" urgent title={errorText(change.error).message} /> : null}
      <Select<AudienceKey>
        label={t('community.whoSees')}
        value={audienceKey(post)}
        onChange={(chosen) => change.mutate(chosen)}
        options={audiences}
      />
      <Row>
        <Button
          label={t('community.deletePost')}
          icon="trash"
          variant="secondary"
          onPress={() => setDeleting(true)}
        />
      </Row>
      <ConfirmDialog
        title={t('community.deletePost')}
        body={t('community.deletePostBody')}
        confirmLabel={t('community.deletePost')}
        open={deleting}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(undefined)}
        onClose={() => setDeleting(false)}
      />
    </Card>
  );
}

function Comments({ post }: { post: Post }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const comments = useInfiniteQuery(commentsQuery(post.id));
  const draft = useDraft(`comment.${post.id}`, { text: '' });
  const { text } = draft.values;
  const say = useCommunityChange(
    (words: string) =>
      answer(
        api().POST('/api/v1/community/posts/{post_id}/comments', {
          params: { path: { post_id: post.id } },
          body: { text: words },
        }),
      ),
    draft.forget,
  );
  return (
    <Card title={t('community.commentsTitle')}>
      <QueryState query={comments} skeleton={{ count: 2, height: 60 }}>
        {(held) => {
          const items = eachOnce(held.pages);
          if (items.length === 0) return <Text tone="textSecondary">{t('community.noComments')}</Text>;
          return (
            <Box gap="l" role="list" aria-label={t('community.commentsTitle')}>
              {items.map((comment) => (
                <OneComment key={comment.id} comment={comment} />
              ))}
            </Box>
          );
        }}
      </QueryState>
      {comments.hasNextPage ? (
        <Row>
          <Button
            label={t('community.more')}
            variant="secondary"
            onPress={() => void comments.fetchNextPage()}
          />
        </Row>
      ) : null}
      {say.error ? <Banner tone="danger" urgent title={errorText(say.error).message} /> : null}
      <UnsavedLine draft={draft} />
      <TextField
        label={t('community.yourComment')}
        value={text}
        onChangeText={(next) => draft.change({ text: next })}
        multiline
        maxLength={1000}
      />
      <Row>
        <Button
          label={t('community.comment')}
          busy={say.isPending}
          disabled={text.trim() === ''}
          onPress={() => say.mutate(text)}
        />
      </Row>
    </Card>
  );
}

function OneComment({ comment }: { comment: Comment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [deleting, setDeleting] = useState(false);
  const remove = useCommunityChange(
    () =>
      answer(
        api().DELETE('/api/v1/community/comments/{comment_id}', {
          params: { path: { comment_id: comment.id } },
        }),
      ),
    () => setDeleting(false),
  );
  return (
    <Box gap="xs" role="listitem">
      <Row gap="xs" wrap>
        <Text variant="label">{comment.author.name}</Text>
        <Text variant="caption" tone="textSecondary">
          @{comment.author.handle} · {format.instant(comment.created_at)}
        </Text>
      </Row>
      <PostText text={comment.text} mentions={comment.mentions} />
      <Row gap="s">
        {comment.may_delete ? (
          <Button
            small
            variant="quiet"
            flush="start"
            label={t('community.deleteComment')}
            accessibilityLabel={t('community.deleteCommentOf', { name: comment.author.name })}
            onPress={() => setDeleting(true)}
          />
        ) : null}
        {comment.is_own ? null : <ReportButton subject={{ comment_id: comment.id }} />}
      </Row>
      {deleting ? (
        <ConfirmDialog
          title={t('community.deleteCommentTitle')}
          body={t('community.deleteCommentBody', { text: comment.text })}
          confirmLabel={t('community.deleteCommentTitle')}
          open
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(undefined)}
          onClose={() => setDeleting(false)}
        />
      ) : null}
    </Box>
  );
}
