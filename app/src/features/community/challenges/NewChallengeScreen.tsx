import { useInfiniteQuery } from '@tanstack/react-query';
import { useLocalSearchParams, useRouter } from 'expo-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import {
  Banner,
  Button,
  Card,
  Checkbox,
  DateField,
  Row,
  Screen,
  SegmentedControl,
  Select,
  Text,
  TextField,
} from '@/design';
import { useDraft } from '@/features/shell/drafts';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';
import { addDays, todayIn } from '@/lib/time';

import { clubsQuery, isMember } from '../clubs/clubQueries';
import { useCommunityChange } from '../communityQueries';
import { type Challenge, type Kind, KINDS, type NewChallenge, type Ranking } from './challengeQueries';

type Sport = NonNullable<NewChallenge['sport']>;
const SPORTS: readonly Sport[] = ['running', 'cycling', 'swimming', 'walking', 'hiking', 'rowing', 'skiing'];
const TEAM_SIZES = ['2', '4', '6', '8', '10', '20', '50'] as const;
const WITH_SPORT = new Set<Kind>(['distance', 'time', 'ascent']);

/** Making a challenge: what is counted, on which days, and who may take part. */
export function NewChallengeScreen() {
  const { t } = useTranslation();
  const router = useRouter();
  const errorText = useErrorText();
  const today = todayIn(Intl.DateTimeFormat().resolvedOptions().timeZone, new Date());
  const draft = useDraft('challenge', { title: '' });
  const { title } = draft.values;
  const [kind, setKind] = useState<Kind>('push_ups');
  const [sport, setSport] = useState<Sport | 'all'>('all');
  const [ranking, setRanking] = useState<Ranking>('total');
  const [hasTeams, setTeams] = useState(false);
  const [teamSize, setTeamSize] = useState<(typeof TEAM_SIZES)[number]>('4');
  const [first, setFirst] = useState(today);
  const [last, setLast] = useState(addDays(today, 6));
  const { club: askedFor } = useLocalSearchParams<{ club?: string }>();
  const clubs = (useInfiniteQuery(clubsQuery('mine')).data?.pages ?? [])
    .flatMap((page) => page.items)
    .filter((one) => isMember(one.standing));
  const [audience, setAudience] = useState<Challenge['audience']>(askedFor ? 'club' : 'followers');
  const [chosen, setClub] = useState(askedFor ?? '');
  const club = clubs.find((one) => one.id === chosen) ?? clubs[0];
  const make = useCommunityChange(
    (body: NewChallenge) => answer(api().POST('/api/v1/community/challenges', { body })),
    (made) => {
      draft.forget();
      router.replace(`/community/challenges/${made.id}`);
    },
  );
  const failure = make.error ? errorText(make.error) : null;
  const hasSport = WITH_SPORT.has(kind);
  const endsTooEarly = last !== '' && last < first;
  const rankedBy: Ranking = kind === 'streak' ? 'total' : ranking;
  return (
    <Screen
      title={t('challenge.new')}
      subtitle={t('challenge.newSubtitle')}
      width="reading"
      back={{ href: '/community/challenges', label: t('challenge.title') }}
    >
      <Card title={t('challenge.what')}>
        <UnsavedLine draft={draft} />
        <TextField
          label={t('challenge.name')}
          value={title}
          onChangeText={(next) => draft.change({ title: next })}
          maxLength={80}
        />
        <Select<Kind>
          label={t('challenge.counted')}
          hint={t(`challenge.kindHint.${kind}`)}
          value={kind}
          onChange={setKind}
          options={KINDS.map((value) => ({ value, label: t(`challenge.kind.${value}`) }))}
        />
        {kind === 'streak' ? null : (
          <Select<Ranking>
            label={t('challenge.rankedBy')}
            hint={rankedBy === 'own_best' ? t('challenge.ladderHint') : undefined}
            value={ranking}
            onChange={setRanking}
            options={(['total', 'own_best'] as const).map((value) => ({
              value,
              label: t(`challenge.ranking.${value}`),
            }))}
          />
        )}
        {hasSport ? (
          <Select<Sport | 'all'>
            label={t('challenge.sport')}
            value={sport}
            onChange={setSport}
            options={[
              { value: 'all', label: t('challenge.allSports') },
              ...SPORTS.map((value) => ({ value, label: t(`sport.${value}`) })),
            ]}
          />
        ) : null}
      </Card>
      <Card title={t('challenge.when')} caption={t('challenge.whenCaption')}>
        <DateField label={t('challenge.firstDay')} value={first} onChange={setFirst} />
        <DateField
          label={t('challenge.lastDay')}
          value={last}
          min={first}
          error={endsTooEarly ? t('devices.rangeWrong') : undefined}
          onChange={setLast}
        />
      </Card>
      <Card title={t('challenge.who')}>
        <SegmentedControl<Challenge['audience']>
          label={t('challenge.who')}
          value={audience}
          onChange={setAudience}
          options={(
            ['invited', 'followers', ...(clubs.length > 0 ? (['club'] as const) : []), 'public'] as const
          ).map((value) => ({
            value,
            label: t(`challenge.audience.${value}`),
          }))}
        />
        {audience === 'club' && club ? (
          <Select<string>
            label={t('challenge.whichClub')}
            hint={t('challenge.clubHint')}
            value={club.id}
            onChange={setClub}
            options={clubs.map((one) => ({ value: one.id, label: one.name }))}
          />
        ) : null}
        <Checkbox label={t('challenge.teams')} checked={hasTeams} onChange={setTeams} />
        <Text variant="caption" tone="textSecondary">
          {t('challenge.teamsHint')}
        </Text>
        {hasTeams ? (
          <Select<(typeof TEAM_SIZES)[number]>
            label={t('challenge.teamSize')}
            value={teamSize}
            onChange={setTeamSize}
            options={TEAM_SIZES.map((value) => ({ value, label: value }))}
          />
        ) : null}
        <Text variant="caption" tone="textSecondary">
          {t('challenge.fixed')}
        </Text>
        {failure ? (
          <Banner tone="danger" urgent title={failure.message}>
            {failure.remedy}
          </Banner>
        ) : null}
        <Row>
          <Button
            label={t('challenge.make')}
            busy={make.isPending}
            disabled={
              title.trim() === '' ||
              first === '' ||
              last === '' ||
              endsTooEarly ||
              (audience === 'club' && !club)
            }
            onPress={() =>
              make.mutate({
                title,
                kind,
                ranked_by: rankedBy,
                sport: hasSport && sport !== 'all' ? sport : null,
                first_day: first,
                last_day: last,
                audience,
                club_id: audience === 'club' ? (club?.id ?? null) : null,
                team_size: hasTeams ? Number(teamSize) : null,
                take_part: true,
              })
            }
          />
        </Row>
      </Card>
    </Screen>
  );
}
