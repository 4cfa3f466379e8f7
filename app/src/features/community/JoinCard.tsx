import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { Banner, Button, Card, Checkbox, Row, Text, TextField } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { type OwnProfile, type ProfileChange, useCommunityChange } from './communityQueries';

/** Joining, and changing how one is seen. */
export function JoinCard({ profile, onDone }: { profile: OwnProfile | null; onDone?: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [handle, setHandle] = useState(profile?.handle ?? '');
  const [name, setName] = useState(profile?.name ?? '');
  const [isFindable, setFindable] = useState(profile?.is_findable ?? false);
  const [hasFeed, setFeed] = useState(profile?.has_public_feed ?? false);
  const save = useCommunityChange(
    (body: ProfileChange) => answer(api().PUT('/api/v1/community/me', { body })),
    onDone,
  );
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
      <Row>
        <Button
          label={t(profile ? 'action.save' : 'community.join')}
          busy={save.isPending}
          disabled={handle.trim().length < 3 || name.trim() === ''}
          onPress={() => save.mutate({ handle, name, is_findable: isFindable, has_public_feed: hasFeed })}
        />
      </Row>
    </Card>
  );
}
