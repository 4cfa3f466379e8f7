import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { meQuery } from '@/api/queries';
import { Banner, Button, Card, Checkbox, Row, Text, TextField } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { type OwnProfile, type ProfileChange, useCommunityChange } from './communityQueries';

const LEAST_HANDLE = 3;

/** Joining, and changing how one is seen. */
export function JoinCard({ profile, onDone }: { profile: OwnProfile | null; onDone?: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [handle, setHandle] = useState(profile?.handle ?? '');
  const { data: athlete } = useQuery(meQuery());
  const [typedName, setName] = useState<string | null>(null);
  const name = typedName ?? profile?.name ?? athlete?.display_name ?? '';
  const [isFindable, setFindable] = useState(profile?.is_findable ?? false);
  const [hasFeed, setFeed] = useState(profile?.has_public_feed ?? false);
  const save = useCommunityChange(
    (body: ProfileChange) => answer(api().PUT('/api/v1/community/me', { body })),
    onDone,
  );
  const needsHandle = handle.trim().length < LEAST_HANDLE;
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
      <TextField
        label={t('community.handle')}
        hint={t('community.handleHint')}
        value={handle}
        onChangeText={setHandle}
        autoCapitalize="none"
        autoCorrect={false}
        maxLength={30}
      />
      <TextField label={t('community.name')} value={name} onChangeText={setName} maxLength={80} />
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
          disabled={needsHandle || needsName}
          onPress={() => save.mutate({ handle, name, is_findable: isFindable, has_public_feed: hasFeed })}
        />
      </Row>
    </Card>
  );
}
