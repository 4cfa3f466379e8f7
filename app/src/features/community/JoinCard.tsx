import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { meQuery } from '@/api/queries';
import { Banner, Button, Card, Checkbox, Row, Text, TextField } from '@/design';
import { useDraft } from '@/features/shell/drafts';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';

import { type OwnProfile, type ProfileChange, useCommunityChange } from './communityQueries';
import { isHandle, LEAST_HANDLE, MOST_HANDLE, smallHandle } from './handles';

/** Joining, and changing how one is seen. */
export function JoinCard({ profile, onDone }: { profile: OwnProfile | null; onDone?: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { data: athlete } = useQuery(meQuery());
  const draft = useDraft('community-profile', {
    handle: profile?.handle ?? '',
    name: profile?.name ?? athlete?.display_name ?? '',
  });
  const { handle: typed, name } = draft.values;
  const handle = smallHandle(typed);
  const [isFindable, setFindable] = useState(profile?.is_findable ?? false);
  const [hasFeed, setFeed] = useState(profile?.has_public_feed ?? false);
  const save = useCommunityChange(
    (body: ProfileChange) => answer(api().PUT('/api/v1/community/me', { body })),
    () => {
      draft.forget();
      onDone?.();
    },
  );
  const needsHandle = handle.length < LEAST_HANDLE;
  const isWrong = !needsHandle && !isHandle(handle);
  const needsName = name.trim() === '';
  const failure = save.error ? errorText(save.error) : null;
  return (
    <Card
      title={t(profile ? 'community.profileTitle' : 'community.joinTitle')}
      caption={t('community.joinCaption')}
    >
      {failure ? (
        <Banner tone="danger" urgent title={failure.message}>
          {failure.remedy}
        </Banner>
      ) : null}
      <UnsavedLine draft={draft} />
      <TextField
        label={t('community.handle')}
        hint={handle === typed ? t('community.handleHint') : t('community.handleSmall', { handle })}
        error={isWrong ? t('community.handleWrong') : null}
        value={typed}
        onChangeText={(next) => draft.change({ handle: next })}
        autoCapitalize="none"
        autoCorrect={false}
        maxLength={MOST_HANDLE}
      />
      <TextField
        label={t('community.name')}
        value={name}
        onChangeText={(next) => draft.change({ name: next })}
        maxLength={80}
      />
      <Checkbox label={t('community.findable')} checked={isFindable} onChange={setFindable} />
      {profile ? (
        <>
          <Checkbox label={t('community.feed.choose')} checked={hasFeed} onChange={setFeed} />
          <Text variant="caption" tone="textSecondary">
            {t('community.feed.hint')}
          </Text>
        </>
      ) : null}
      {needsHandle || needsName ? (
        <Text variant="caption" tone="textSecondary">
          {t(needsHandle ? 'community.handleFirst' : 'community.nameFirst')}
        </Text>
      ) : null}
      <Row>
        <Button
          label={t(profile ? 'action.save' : 'community.join')}
          busy={save.isPending}
          disabled={needsHandle || isWrong || needsName}
          onPress={() => save.mutate({ handle, name, is_findable: isFindable, has_public_feed: hasFeed })}
        />
      </Row>
    </Card>
  );
}
