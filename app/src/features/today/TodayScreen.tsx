import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import {
  fitnessQuery,
  formChecksQuery,
  latestActivityQuery,
  loadWarningsQuery,
  meQuery,
  planQuery,
  readinessQuery,
} from '@/api/queries';
import type { ActivityPage, Fitness, Plan } from '@/api/types';
import { Banner, Box, Button, Card, Columns, Icon, Row, Screen, Skeleton, Text, useLayout } from '@/design';
import { size } from '@/design/tokens';
import { ActivityRow } from '@/features/activities/ActivityRow';
import { firstDay, weeksInARow } from '@/features/fitness/ranges';
import { sportIcon } from '@/features/activities/words';
import { FitnessStats } from '@/features/fitness/FitnessStats';
import { useNothingYet } from '@/features/fitness/useNothingYet';
import { FormCheckRow } from '@/features/formChecks/FormChecksScreen';
import { JobList } from '@/features/jobs/JobList';
import { UploadArea } from '@/features/jobs/UploadArea';
import { StartButton } from '@/features/live/player/StartButton';
import { Waiting } from '@/features/live/player/Waiting';
import { BellButton } from '@/features/notices/BellButton';
import { AfterIt } from '@/features/plan/AfterIt';
import { adherenceQuery, proposalsQuery } from '@/features/plan/planQueries';
import { SessionCard } from '@/features/plan/SessionCard';
import { useSpokenDays } from '@/features/plan/spokenDays';
import { dayOf } from '@/features/plan/weeks';
import { QueryState } from '@/features/shell/QueryState';
import { ContinueWelcome } from '@/features/welcome/ContinueWelcome';
import { useFormat } from '@/i18n/useFormat';

import { DoubtedThresholds } from './DoubtedThresholds';
import { FoundThresholds } from './FoundThresholds';
import { ReadinessCard, WarningsCard } from './ReadinessCard';
import { RedFlagBanner, SessionsStopped } from './RedFlag';

/** What to do today and where one stands. */
export function TodayScreen() {
  const { t } = useTranslation();
  const format = useFormat();
  const { isWide } = useLayout();
  const me = useQuery(meQuery());
  const fitness = useQuery(fitnessQuery(firstDay('1y', format.today())));
  const plan = useQuery(planQuery());
  const latest = useQuery(latestActivityQuery());
  const readiness = useQuery(readinessQuery());
  const warnings = useQuery(loadWarningsQuery());
  const flag = readiness.data?.red_flag ?? null;
  const checks = useInfiniteQuery(formChecksQuery());
  const lastCheck = checks.data?.pages[0]?.items[0];
  // In one column what to do today comes before what was done, unless there is nothing to say.
  const isAdviceFirst = !isWide && readiness.data?.verdict !== 'unknown';
  const standing = (
    <QueryState query={fitness} skeleton={{ count: 1, height: 160 }}>
      {(body) => (
        <Standing
          fitness={body}
          hasActivities={latest.isPending ? null : (latest.data?.items.length ?? 0) > 0}
        />
      )}
    </QueryState>
  );
  const check = lastCheck ? (
    <Box gap="s">
      <Text variant="heading" level={2}>
        {t('today.lastCheck')}
      </Text>
      <FormCheckRow check={lastCheck} />
    </Box>
  ) : null;
  const advice = (
    <QueryState query={readiness} skeleton={{ count: 1, height: 160 }}>
      {(body) => <ReadinessCard readiness={body} />}
    </QueryState>
  );
  return (
    <Screen
      title={t('today.greeting', { name: me.data?.display_name ?? '' })}
      subtitle={format.day(format.today(), { weekday: 'long', day: 'numeric', month: 'long' })}
      actions={isWide ? undefined : <BellButton />}
    >
      <Columns
        main={
          <>
            {flag ? <RedFlagBanner flag={flag} /> : null}
            <FoundThresholds />
            {me.data ? <DoubtedThresholds athleteId={me.data.id} /> : null}
            {me.data ? <Waiting owner={me.data.id} /> : null}
            {me.data ? <ContinueWelcome athleteId={me.data.id} /> : null}
            <Proposals />
            <QueryState query={plan} skeleton={{ count: 1, height: 160 }}>
              {(body) =>
                flag ? (
                  <SessionsStopped />
                ) : (
                  <Box gap="s">
                    <TodaysSession plan={body} />
                    <Button
                      href="/live/workout"
                      label={t('workout.free.link')}
                      icon="running"
                      variant="quiet"
                      align="start"
                      flush="start"
                    />
                  </Box>
                )
              }
            </QueryState>
            {isAdviceFirst ? advice : null}
            {warnings.data ? <WarningsCard warnings={warnings.data} /> : null}
            <LastActivity page={latest.data} loading={latest.isPending} />
            <UploadArea takes="both" compact />
            <JobList />
            {isWide ? standing : null}
            {isWide ? check : null}
          </>
        }
        aside={
          <>
            {isAdviceFirst ? null : advice}
            {isWide ? null : standing}
            {plan.data && !flag ? <ComingUp plan={plan.data} /> : null}
            {isWide ? null : check}
          </>
        }
      />
    </Screen>
  );
}

/** Changes of the plan that wait for an answer, which is given where the plan is. */
function Proposals() {
  const { t } = useTranslation();
  const spokenDays = useSpokenDays();
  const waiting = useQuery(proposalsQuery()).data?.items ?? [];
  const [first] = waiting;
  if (first === undefined) return null;
  return (
    <Banner
      title={t('today.proposals', { count: waiting.length })}
      action={<Button href="/plan" label={t('today.answer')} variant="secondary" small />}
    >
      {spokenDays(first.reason)}
    </Banner>
  );
}

function TodaysSession({ plan }: { plan: Plan | null }) {
  const { t } = useTranslation();
  if (plan === null) {
    return (
      <Card title={t('today.noPlanTitle')}>
        <Text tone="textSecondary">{t('today.noPlanBody')}</Text>
        <Button href="/plan/new" label={t('plan.create')} icon="plan" />
      </Card>
    );
  }
  return <PlannedToday plan={plan} />;
}

function PlannedToday({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { days } = plan.document;
  const today = format.today();
  const done = useQuery(adherenceQuery(plan.id, today, today));
  const day = dayOf(days, today);
  const next = days.find((item) => item.date > today && item.sessions.length > 0);
  return (
    <Box gap="s">
      <Row justify="space-between">
        <Text variant="heading" level={2}>
          {t('today.session')}
        </Text>
        <Button href="/plan" label={t('today.wholePlan')} variant="quiet" small flush="end" />
      </Row>
      {day !== null && day.sessions.length > 0 ? (
        day.sessions.map((session) => {
          const found = done.data?.sessions.find((item) => item.session_id === session.id);
          return (
            <SessionCard key={session.id} session={session}>
              {found === undefined || found.status === 'upcoming' ? <StartButton session={session} /> : null}
              <AfterIt planId={plan.id} session={session} found={found} />
            </SessionCard>
          );
        })
      ) : (
        <Row background="surface" border radius="l" padding="l" gap="m">
          <Icon name="rest" tone="textSecondary" />
          <Box shrink>
            <Text variant="bodyStrong">{t('today.restTitle')}</Text>
            {next ? (
              <Text variant="caption" tone="textSecondary">
                {t('today.next', {
                  title: next.sessions[0]?.title ?? '',
                  day: format.day(next.date, { weekday: 'long', day: 'numeric', month: 'long' }),
                })}
              </Text>
            ) : (
              <Text variant="caption" tone="textSecondary">
                {t('today.planOver')}
              </Text>
            )}
          </Box>
        </Row>
      )}
    </Box>
  );
}

const LEAST_WEEKS = 3;

/** A row of weeks is told while it lasts; one that ended is passed over. */
function Standing({ fitness, hasActivities }: { fitness: Fitness; hasActivities: boolean | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const weeks = weeksInARow(fitness.days, format.today());
  const last = fitness.days.at(-1);
  const trained = fitness.days.some((day) => day.load_au > 0);
  const nothingYet = useNothingYet();
  return (
    <Card
      title={t('today.standing')}
      action={
        trained ? (
          <Button
            href="/fitness"
            label={t('today.more')}
            accessibilityLabel={t('today.moreFitness')}
            variant="quiet"
            small
            flush="end"
          />
        ) : undefined
      }
    >
      {last && trained ? (
        <>
          <FitnessStats days={fitness.days} day={last} />
          {weeks < LEAST_WEEKS ? null : (
            <Text variant="caption">{t('today.weeksInARow', { count: weeks })}</Text>
          )}
        </>
      ) : hasActivities === null ? (
        <Skeleton height={size.touch} />
      ) : (
        <>
          <Text tone="textSecondary">{hasActivities ? nothingYet.text : t('today.noFitness')}</Text>
          {hasActivities && nothingYet.needsThresholds ? (
            <Button href="/thresholds" label={t('today.addThresholds')} variant="secondary" small />
          ) : null}
        </>
      )}
    </Card>
  );
}

function LastActivity({ page, loading }: { page: ActivityPage | undefined; loading: boolean }) {
  const { t } = useTranslation();
  const activity = page?.items[0];
  if (loading) return <Skeleton height={90} />;
  if (activity === undefined) return null;
  return (
    <Box gap="s">
      <Row justify="space-between">
        <Text variant="heading" level={2}>
          {t('today.lastActivity')}
        </Text>
        <Button href="/activities" label={t('today.allActivities')} variant="quiet" small flush="end" />
      </Row>
      <ActivityRow activity={activity} narrow />
    </Box>
  );
}

const SHOWN_SESSIONS = 4;

function ComingUp({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const format = useFormat();
  const today = format.today();
  const next = plan.document.days
    .filter((day) => day.date > today)
    .flatMap((day) => day.sessions.map((session) => ({ day: day.date, session })))
    .slice(0, SHOWN_SESSIONS);
  if (next.length === 0) return null;
  return (
    <Card title={t('today.comingUp')}>
      <Box gap="m" role="list">
        {next.map(({ day, session }) => (
          <Row key={session.id} gap="m" role="listitem">
            <Icon name={sportIcon(session.sport)} tone="accentText" />
            <Box flex={1} minWidth={0}>
              <Text variant="label">{session.title}</Text>
              <Text variant="caption" tone="textSecondary">
                {format.day(day, { weekday: 'long', day: 'numeric', month: 'short' })}
              </Text>
            </Box>
            <Text variant="caption" tone="textSecondary" tabular>
              {t('duration.min', { value: format.number(session.minutes) })}
            </Text>
          </Row>
        ))}
      </Box>
    </Card>
  );
}
