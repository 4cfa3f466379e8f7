import { useTranslation } from 'react-i18next';

import { Badge, Box, Button, Card, Icon, Row, Stat, StatGrid, Text } from '@/design';
import { RouteShape } from '@/design/charts';
import { sportIcon } from '@/features/activities/words';
import { useFormWords } from '@/features/formChecks/useFormWords';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';
import { showsPace } from '@/lib/units';

import { giveKudos, type Post, type Snapshot, useCommunityChange } from './communityQueries';
import { PostText } from './PostText';
import { RemotePostCard } from './RemotePostCard';
import { StoredPicture } from './StoredPicture';

type Figure = { label: string; value: string; unit: string };

/** The figures that a post shows; what was not shared is not there. */
export function useFigures(): (shown: Snapshot) => Figure[] {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const phase = (name: string) =>
    i18n.exists(`plan.phase.${name}`) ? t(`plan.phase.${name as 'base'}`) : name;
  return (shown) => {
    const sport = shown.sport ?? 'other';
    const clock = (seconds: number | null | undefined) =>
      seconds === null || seconds === undefined ? null : { value: format.clock(seconds), unit: '' };
    const figures: [string, { value: string; unit: string } | null][] = [
      [t('field.distance'), format.distance(shown.distance_m, sport)],
      [t('field.time'), clock(shown.moving_s ?? shown.elapsed_s ?? shown.duration_s)],
      [t(showsPace(sport) ? 'field.pace' : 'field.speed'), format.speed(shown.speed_mean_m_s, sport)],
      [t('field.ascent'), format.elevation(shown.ascent_m)],
      [t('field.hr'), format.plain(shown.hr_mean_bpm, 'bpm')],
      [t('field.power'), format.plain(shown.power_mean_w, 'w')],
      [t('field.load'), format.plain(shown.load_au, 'none')],
      [t('community.fieldName.weight'), format.mass(shown.mass_kg)],
      [t('community.reps'), format.plain(shown.rep_count, 'none')],
      [t('form.held'), clock(shown.held_s)],
      [t('gait.rate'), format.plain(shown.step_rate_spm, 'none')],
      [
        t('community.verdict'),
        shown.form_decision
          ? { value: t(`form.decision.${decisionOf(shown.form_decision)}`), unit: '' }
          : null,
      ],
      [
        t('community.best', { time: format.clock(shown.best_duration_s ?? 0) }),
        shown.best_kind === 'power_w'
          ? format.plain(shown.best_value, 'w')
          : format.speed(shown.best_value, sport),
      ],
      [t('milestone.fieldPhase'), shown.phase ? { value: phase(shown.phase), unit: '' } : null],
      [t('milestone.weeks'), format.plain(shown.weeks, 'none')],
      [t('milestone.sessions'), format.plain(shown.session_count, 'none')],
    ];
    return figures.flatMap(([label, figure]) => (figure === null ? [] : [{ label, ...figure }]));
  };
}

/** A post, of this server or of another one. */
export function PostCard({ post, alone }: { post: Post; alone?: boolean }) {
  return post.origin ? (
    <RemotePostCard post={post} origin={post.origin} />
  ) : (
    <LocalPostCard post={post} alone={alone} />
  );
}

/** A post: who, what, the figures that were shared, kudos and comments. */
function LocalPostCard({ post, alone }: { post: Post; alone?: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useFormWords();
  const errorText = useErrorText();
  const figures = useFigures()(post.snapshot);
  const kudos = useCommunityChange(giveKudos);
  const { snapshot } = post;
  const day = snapshot.started_at
    ? format.instant(snapshot.started_at)
    : snapshot.day
      ? format.day(snapshot.day, { weekday: 'short', day: 'numeric', month: 'short' })
      : '';
  const what = snapshot.milestone
    ? `${t(`milestone.shared.${snapshot.milestone}`)} · ${t(`planSport.${planSportOf(snapshot)}`)}`
    : snapshot.exercise
      ? words.exercise(snapshot.exercise)
      : t(`sport.${sportOf(snapshot)}`);
  const icon = snapshot.milestone ? 'plan' : snapshot.exercise ? 'form' : sportIcon(sportOf(snapshot));
  return (
    <Card>
      <Row gap="m" align="flex-start">
        <Box background="accentSoft" radius="pill" padding="s">
          <Icon name={icon} tone="accentText" />
        </Box>
        <Box flex={1} minWidth={0}>
          <Row gap="xs" wrap>
            <Button
              href={`/community/people/${post.author.handle}`}
              label={post.author.name}
              variant="quiet"
              flush="start"
              small
            />
            <Text variant="caption" tone="textSecondary">
              @{post.author.handle}
            </Text>
          </Row>
          <Text variant="caption" tone="textSecondary">
            {[what, day].filter((part) => part !== '').join(' · ')}
          </Text>
        </Box>
        <AudienceBadge post={post} />
      </Row>
      {post.is_removed ? <Badge tone="warning" icon="alert" label={t('community.removed')} /> : null}
      {snapshot.title ? <Text variant="bodyStrong">{snapshot.title}</Text> : null}
      <PostText text={post.text} mentions={post.mentions} />
      {figures.length > 0 ? (
        <StatGrid>
          {figures.map((figure) => (
            <Stat key={figure.label} {...figure} />
          ))}
        </StatGrid>
      ) : null}
      {snapshot.route ? (
        <RouteShape
          pieces={snapshot.route as [number, number][][]}
          label={t('community.routeOf', { name: post.author.name })}
        />
      ) : null}
      {snapshot.video_frame ? (
        <StoredPicture
          path={`/api/v1/community/posts/${post.id}/video-frame`}
          label={t('community.pictureOf', { name: post.author.name })}
        />
      ) : null}
      {kudos.error ? (
        <Text variant="caption" tone="dangerText" role="alert">
          {errorText(kudos.error).message}
        </Text>
      ) : null}
      <Row gap="s" wrap>
        {post.is_own ? (
          <Text variant="label" tone="textSecondary">
            {t('community.kudos', { count: post.kudos })}
          </Text>
        ) : (
          <Button
            small
            variant={post.gave_kudos ? 'primary' : 'secondary'}
            icon="like"
            label={t('community.kudos', { count: post.kudos })}
            accessibilityLabel={t(post.gave_kudos ? 'community.takeKudos' : 'community.giveKudos', {
              name: post.author.name,
              count: post.kudos,
            })}
            busy={kudos.isPending}
            onPress={() => kudos.mutate({ post_id: post.id, given: !post.gave_kudos })}
          />
        )}
        {alone ? null : (
          <Button
            small
            variant="quiet"
            icon="comment"
            href={`/community/posts/${post.id}`}
            label={t('community.comments', { count: post.comments })}
          />
        )}
      </Row>
    </Card>
  );
}

/** Who sees it: of one's own posts; of others only which club it is shared with. */
function AudienceBadge({ post }: { post: Post }) {
  const { t } = useTranslation();
  if (post.audience === 'club')
    return post.club ? <Badge label={t('club.audience', { name: post.club.name })} /> : null;
  return post.is_own ? <Badge label={t(`community.audience.${post.audience}`)} /> : null;
}

function decisionOf(said: string): 'correct' | 'faulty' | 'unsure' {
  return said === 'correct' || said === 'faulty' ? said : 'unsure';
}

type KnownSport =
  'running' | 'cycling' | 'swimming' | 'walking' | 'hiking' | 'rowing' | 'skiing' | 'strength' | 'other';
const SPORTS: readonly string[] = [
  'running',
  'cycling',
  'swimming',
  'walking',
  'hiking',
  'rowing',
  'skiing',
  'strength',
];

function sportOf(snapshot: Snapshot): KnownSport {
  return snapshot.sport && SPORTS.includes(snapshot.sport) ? (snapshot.sport as KnownSport) : 'other';
}

type PlanSport = 'running' | 'cycling' | 'swimming' | 'triathlon' | 'strength';
const PLAN_SPORTS: readonly string[] = ['running', 'cycling', 'swimming', 'triathlon', 'strength'];

function planSportOf(snapshot: Snapshot): PlanSport {
  return snapshot.sport && PLAN_SPORTS.includes(snapshot.sport) ? (snapshot.sport as PlanSport) : 'running';
}
