import { useQuery } from '@tanstack/react-query';
import { useLocalSearchParams, useRouter } from 'expo-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import {
  Banner,
  Box,
  Button,
  Card,
  Checkbox,
  EmptyState,
  Row,
  Screen,
  SegmentedControl,
  Select,
  Text,
  TextField,
} from '@/design';
import { useDraft } from '@/features/shell/drafts';
import { QueryState } from '@/features/shell/QueryState';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';

import { ShareCard } from './card/ShareCard';
import { audienceBody, type AudienceKey, useAudiences } from './audiences';
import { membershipQuery, type NewPost, type ShownField, useCommunityChange } from './communityQueries';
import { JoinCard } from './JoinCard';
import { fieldsOf, type Subject } from './postFields';
import { StoredPicture } from './StoredPicture';
import { useOfferedFields } from './useOfferedFields';

type About = Pick<NewPost, 'activity_id' | 'form_check_id' | 'plan_milestone'>;
type Place = { subject: Subject; about: About; back: { href: `/${string}`; label: string } };

/** What the address says is to be shared; null when it says nothing that can be. */
function usePlace(): Place | null {
  const { t } = useTranslation();
  const { activity, form_check, plan, milestone, first_day } = useLocalSearchParams<{
    activity?: string;
    form_check?: string;
    plan?: string;
    milestone?: string;
    first_day?: string;
  }>();
  if (activity)
    return {
      subject: 'activity',
      about: { activity_id: activity },
      back: { href: `/activities/${activity}`, label: t('activity.title') },
    };
  if (form_check)
    return {
      subject: 'form_check',
      about: { form_check_id: form_check },
      back: { href: `/form-checks/${form_check}`, label: t('form.title') },
    };
  if (plan && first_day && (milestone === 'phase' || milestone === 'race' || milestone === 'plan'))
    return {
      subject: milestone,
      about: { plan_milestone: { plan_id: plan, kind: milestone, first_day } },
      back: { href: '/plan', label: t('plan.title') },
    };
  return null;
}

/** Sharing an activity, a form check or what of a plan is done: with whom, and which fields of it. */
export function ShareScreen() {
  const { t } = useTranslation();
  const place = usePlace();
  const membership = useQuery(membershipQuery());
  const back = place?.back ?? ({ href: '/community', label: t('community.title') } as const);
  return (
    <Screen title={t('community.share')} subtitle={t('community.shareSubtitle')} back={back} width="reading">
      {place === null ? (
        <EmptyState
          icon="question"
          title={t('community.nothingTitle')}
          action={<Button href="/activities" label={t('today.allActivities')} />}
        >
          {t('community.nothingBody')}
        </EmptyState>
      ) : (
        <QueryState query={membership} skeleton={{ count: 2, height: 180 }}>
          {({ profile }) =>
            profile ? (
              <Composer subject={place.subject} hasPublicFeed={profile.has_public_feed} about={place.about} />
            ) : (
              <JoinCard profile={null} />
            )
          }
        </QueryState>
      )}
    </Screen>
  );
}

function Composer({
  subject,
  about,
  hasPublicFeed,
}: {
  subject: Subject;
  hasPublicFeed: boolean;
  about: About;
}) {
  const { t } = useTranslation();
  const router = useRouter();
  const errorText = useErrorText();
  const [audience, setAudience] = useState<AudienceKey>('followers');
  const audiences = useAudiences();
  const offered = useOfferedFields(subject, about);
  const draft = useDraft(`share.${JSON.stringify(about)}`, { text: '' });
  const { text } = draft.values;
  const [shown, setShown] = useState<readonly ShownField[]>(
    fieldsOf(subject).flatMap((field) => (field.isDefault ? [field.name] : [])),
  );
  const share = useCommunityChange(
    (body: NewPost) => answer(api().POST('/api/v1/community/posts', { body })),
    (post) => {
      draft.forget();
      router.replace(`/community/posts/${post.id}`);
    },
  );
  const failure = share.error ? errorText(share.error) : null;
  return (
    <>
      <Card title={audiences.length > 3 ? undefined : t('community.whoSees')}>
        {audiences.length > 3 ? (
          <Select<AudienceKey>
            label={t('community.whoSees')}
            value={audience}
            onChange={setAudience}
            options={audiences}
          />
        ) : (
          <SegmentedControl<AudienceKey>
            label={t('community.whoSees')}
            value={audience}
            onChange={setAudience}
            options={audiences}
          />
        )}
        {hasPublicFeed && audience === 'public' ? (
          <Text variant="caption" tone="textSecondary">
            {t('community.feed.leaves')}
          </Text>
        ) : null}
      </Card>
      <Card title={t('community.whatShows')} caption={t('community.onlyHere')}>
        <Box gap="s">
          {offered.fields.map(({ name }) => (
            <Box key={name}>
              <Checkbox
                label={t(`community.fieldName.${name}`)}
                checked={shown.includes(name)}
                onChange={(on) => setShown(on ? [...shown, name] : shown.filter((one) => one !== name))}
              />
              {name === 'route' ? (
                <Text variant="caption" tone="textSecondary">
                  {t('community.routeCut')}
                </Text>
              ) : name === 'weight' ? (
                <Text variant="caption" tone="textSecondary">
                  {t('community.weightDay')}
                </Text>
              ) : name === 'video_frame' && offered.picture !== null ? (
                <Box gap="s">
                  <Text variant="caption" tone="textSecondary">
                    {t('community.pictureHint')}
                  </Text>
                  <StoredPicture path={offered.picture} label={t('community.picturePreview')} />
                </Box>
              ) : null}
            </Box>
          ))}
        </Box>
      </Card>
      <Card>
        <UnsavedLine draft={draft} />
        <TextField
          label={t('community.words')}
          value={text}
          onChangeText={(next) => draft.change({ text: next })}
          multiline
          maxLength={2000}
        />
        <Text variant="caption" tone="textSecondary">
          {t('community.mentionHint')}
        </Text>
        {failure ? (
          <Banner tone="danger" urgent title={failure.message}>
            {failure.remedy}
          </Banner>
        ) : null}
        <Row>
          <Button
            label={t('community.share')}
            busy={share.isPending}
            onPress={() => share.mutate({ ...about, ...audienceBody(audience), text, shown: [...shown] })}
          />
        </Row>
      </Card>
      {about.activity_id ? (
        <ShareCard subject={{ activity_id: about.activity_id, shown }} mayShowRoute />
      ) : about.form_check_id ? (
        <ShareCard subject={{ form_check_id: about.form_check_id, shown }} mayShowRoute={false} />
      ) : null}
    </>
  );
}
