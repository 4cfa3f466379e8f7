import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Pressable } from 'react-native';

import { planQuery, readinessQuery } from '@/api/queries';
import type { Plan } from '@/api/types';
import {
  Banner,
  Box,
  Button,
  Card,
  Columns,
  EmptyState,
  Icon,
  Row,
  Screen,
  Stat,
  StatGrid,
  Text,
  useLayout,
  useTheme,
} from '@/design';
import { isHovered } from '@/design/interaction';
import { radius, size, space } from '@/design/tokens';
import { JobList } from '@/features/jobs/JobList';
import { QueryState } from '@/features/shell/QueryState';
import { RedFlagBanner } from '@/features/today/RedFlag';
import { type Format, useFormat } from '@/i18n/useFormat';
import { addDays, withDays } from '@/lib/time';

import { AssumedCard } from './AssumedCard';
import { CalendarCard } from './CalendarCard';
import { doubtsOf } from './doubts';
import { GoalSummary } from './GoalSummary';
import { LifeCard } from './LifeCard';
import { MilestonesCard } from './MilestonesCard';
import { ProposalCards } from './ProposalCards';
import { SeasonCard } from './SeasonCard';
import { WeekDays } from './WeekDays';
import { WeekSoFar } from './WeekSoFar';
import { WhatIfCard } from './WhatIfCard';
import { type PlanWeek, weekIndexAt, weeksOf } from './weeks';

export function PlanScreen() {
  const { t } = useTranslation();
  const plan = useQuery(planQuery());
  const flag = useQuery(readinessQuery()).data?.red_flag ?? null;
  const isStopped = flag !== null || plan.data?.is_stopped === true;
  return (
    <Screen
      title={t('plan.title')}
      actions={
        plan.data && !isStopped ? (
          <Button href="/plan/new" label={t('plan.replan')} variant="secondary" />
        ) : null
      }
      onRefresh={() => void plan.refetch()}
      refreshing={plan.isRefetching}
    >
      {flag ? <RedFlagBanner flag={flag} /> : null}
      <JobList kinds={['plan']} />
      <QueryState query={plan} skeleton={{ count: 4, height: 120 }}>
        {(body) =>
          body === null ? (
            <EmptyState
              icon="plan"
              title={t('plan.emptyTitle')}
              action={<Button href="/plan/new" label={t('plan.create')} icon="plus" />}
            >
              {t('plan.emptyBody')}
            </EmptyState>
          ) : (
            <Loaded plan={body} isStopped={isStopped} />
          )
        }
      </QueryState>
    </Screen>
  );
}

function Loaded({ plan, isStopped }: { plan: Plan; isStopped: boolean }) {
  const format = useFormat();
  const { isWide } = useLayout();
  const weeks = weeksOf(plan.document.days);
  const today = format.today();
  const now = weekIndexAt(weeks, today);
  const [index, setIndex] = useState(now);
  const week = weeks[index];
  if (week === undefined) return null;
  return (
    <Columns
      main={
        <>
          <Doubts plan={plan} />
          <ProposalCards plan={plan} isStopped={isStopped} />
          {isWide ? null : <GoalSummary plan={plan} />}
          <WeekHeader
            week={week}
            index={index}
            now={now}
            count={weeks.length}
            onMove={setIndex}
            plan={plan}
          />
          <WeekDays key={week.start} plan={plan} week={week} isStopped={isStopped} />
          {isWide ? <SeasonCard plan={plan} /> : null}
        </>
      }
      aside={
        <>
          {isWide ? <GoalSummary plan={plan} /> : <SeasonCard plan={plan} />}
          <AssumedCard plan={plan} />
          <Weeks weeks={weeks} index={index} now={now} onPick={setIndex} />
          <Relaxed plan={plan} />
          {isStopped ? null : <MilestonesCard plan={plan} />}
          <LifeCard />
          {isStopped ? null : <WhatIfCard plan={plan} />}
          <CalendarCard />
          <Checks plan={plan} />
        </>
      }
    />
  );
}

function span(week: PlanWeek, format: Format): string {
  const options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };
  return `${format.day(week.start, options)} – ${format.day(addDays(week.start, 6), options)}`;
}

function phaseOf(plan: Plan, week: PlanWeek): string | null {
  const start = week.days[0]?.date;
  const phase = plan.document.phases.find(
    (item) =>
      start !== undefined &&
      typeof item.start === 'string' &&
      typeof item.end === 'string' &&
      item.start <= start &&
      start <= item.end,
  );
  return typeof phase?.name === 'string' ? phase.name : null;
}

function WeekHeader({
  plan,
  week,
  index,
  now,
  count,
  onMove,
}: {
  plan: Plan;
  week: PlanWeek;
  index: number;
  now: number;
  count: number;
  onMove: (index: number) => void;
}) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const phase = phaseOf(plan, week);
  const phaseKey = `plan.phase.${phase ?? ''}`;
  return (
    <Card>
      <Row justify="space-between" gap="s">
        <Button
          label={t('plan.previousWeek')}
          icon="chevronLeft"
          iconOnly
          variant="quiet"
          disabled={index === 0}
          onPress={() => onMove(index - 1)}
        />
        <Box align="center" aria-live="polite">
          <Text variant="heading" level={2}>
            {span(week, format)}
          </Text>
          <Text variant="caption" tone="textSecondary">
            {t('plan.weekOf', { number: index + 1, count })}
          </Text>
          {index === now ? null : (
            <Button label={t('plan.toToday')} variant="quiet" small onPress={() => onMove(now)} />
          )}
        </Box>
        <Button
          label={t('plan.nextWeek')}
          icon="chevronRight"
          iconOnly
          variant="quiet"
          disabled={index === count - 1}
          onPress={() => onMove(index + 1)}
        />
      </Row>
      <StatGrid minWidth={88}>
        {[
          <Stat
            key="time"
            label={t('field.time')}
            value={format.clock(week.minutes * 60).replace(/:00$/, '')}
            unit={t('plan.hours')}
          />,
          <Stat key="load" label={t('field.load')} value={format.number(week.load)} />,
          <Stat
            key="phase"
            label={t('plan.phaseLabel')}
            value={phase === null ? null : i18n.exists(phaseKey) ? t(phaseKey as 'plan.phase.base') : phase}
          />,
        ]}
      </StatGrid>
      <WeekSoFar plan={plan} week={week} />
    </Card>
  );
}

const WEEK_NAME = 124;

function Weeks({
  weeks,
  index,
  now,
  onPick,
}: {
  weeks: readonly PlanWeek[];
  index: number;
  now: number;
  onPick: (index: number) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { color } = useTheme();
  const [past, setPast] = useState(false);
  const most = Math.max(1, ...weeks.map((week) => week.load));
  return (
    <Card title={t('plan.weeksTitle')} caption={t('plan.weeksCaption')} folds>
      {now > 0 ? (
        <Button
          label={past ? t('plan.hidePastWeeks') : t('plan.showPastWeeks', { count: now })}
          variant="quiet"
          small
          flush="start"
          onPress={() => setPast(!past)}
        />
      ) : null}
      <Box>
        {weeks.map((week, place) =>
          !past && place < now && place !== index ? null : (
            <Pressable
              key={week.start}
              role="button"
              aria-label={t('plan.openWeek', { week: span(week, format) })}
              aria-pressed={place === index}
              onPress={() => onPick(place)}
              style={(state) => ({
                flexDirection: 'row',
                alignItems: 'center',
                gap: space.s,
                minHeight: size.controlSmall,
                paddingHorizontal: space.s,
                borderRadius: radius.m,
                backgroundColor:
                  place === index ? color.accentSoft : isHovered(state) ? color.surfaceHover : undefined,
              })}
            >
              <Box width={WEEK_NAME}>
                <Text variant="label" tone={place === index ? 'accentText' : 'textSecondary'}>
                  {span(week, format)}
                </Text>
              </Box>
              <Box flex={1} style={{ height: size.progress }}>
                <Box
                  background={place === index ? 'accent' : 'load'}
                  radius="s"
                  height="100%"
                  width={`${Math.max(2, (week.load / most) * 100)}%`}
                />
              </Box>
              <Box width={36} align="flex-end">
                <Text variant="caption" tabular>
                  {format.number(week.load)}
                </Text>
              </Box>
            </Pressable>
          ),
        )}
      </Box>
    </Card>
  );
}

function detailOf(item: unknown): string | null {
  if (typeof item === 'string') return item;
  if (typeof item !== 'object' || item === null) return null;
  const { detail } = item as { detail?: unknown };
  return typeof detail === 'string' ? detail : null;
}

function Doubts({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const format = useFormat();
  const doubts = doubtsOf(plan.document.warnings ?? []);
  if (doubts.length === 0) return null;
  const day = (date: string) =>
    format.day(date, { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' });
  return (
    <Banner tone="warning" title={t('plan.doubts')}>
      <Box gap="s">
        {doubts.map(({ key, message, known }) => (
          <Text key={key} variant="caption">
            {known
              ? t(`plan.doubt.${known.code}`, {
                  ...known.numbers,
                  race: known.race ? format.raceDistance(known.race.distance_m) : '',
                  date: known.race ? day(known.race.date) : '',
                  other: known.other ? format.raceDistance(known.other.distance_m) : '',
                  otherDate: known.other ? day(known.other.date) : '',
                  freeFrom: known.freeFrom ? day(known.freeFrom) : '',
                })
              : message}
          </Text>
        ))}
      </Box>
    </Banner>
  );
}

function Relaxed({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const notes = plan.document.relaxed.map(detailOf).filter((detail) => detail !== null);
  if (notes.length === 0) return null;
  return (
    <Banner tone="warning" title={t('plan.relaxed')}>
      <Box gap="xs">
        {notes.map((note, index) => (
          <Text key={index} variant="caption">
            {note}
          </Text>
        ))}
      </Box>
    </Banner>
  );
}

function Checks({ plan }: { plan: Plan }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const { checks } = plan.document;
  const kept = checks.filter((check) => check.status === 'pass').length;
  const name = (rule: string) => {
    const key = `plan.rule.${rule}`;
    return i18n.exists(key) ? t(key as 'plan.rule.dates') : rule.replaceAll('_', ' ');
  };
  return (
    <Card title={t('plan.checks')} caption={t('plan.checksKept', { kept, count: checks.length })} folds>
      {(open ? checks : checks.filter((check) => check.status !== 'pass')).map((check) => (
        <Row key={check.rule} gap="s" align="flex-start">
          <Icon
            name={check.status === 'pass' ? 'check' : 'alert'}
            tone={check.status === 'pass' ? 'successText' : 'warningText'}
          />
          <Box shrink>
            <Text variant="label">{name(check.rule)}</Text>
            {check.detail ? (
              <Text variant="caption" tone="textSecondary">
                {withDays(check.detail, (day) => format.day(day, { day: 'numeric', month: 'short' }))}
              </Text>
            ) : null}
          </Box>
        </Row>
      ))}
      <Button
        label={t(open ? 'plan.hideChecks' : 'plan.showChecks')}
        variant="quiet"
        small
        flush="start"
        onPress={() => setOpen(!open)}
      />
    </Card>
  );
}
