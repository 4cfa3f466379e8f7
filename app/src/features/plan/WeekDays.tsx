import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Plan, PlannedDay, PlannedSession } from '@/api/types';
import { Badge, Banner, Box, Button, Icon, Row, Select, Text, useLayout, useTheme } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';
import { StartButton } from '@/features/live/player/StartButton';
import { SessionsStopped } from '@/features/today/RedFlag';
import { useFormat } from '@/i18n/useFormat';
import { addDays } from '@/lib/time';

import { AfterIt } from './AfterIt';
import { DraggableSession, DropDay } from './DragAndDrop';
import { MoveDialog } from './MoveDialog';
import { adherenceQuery, type SessionAdherence } from './planQueries';
import { racesOf } from './season';
import { SessionCard } from './SessionCard';
import { useMove } from './useMove';
import type { PlanWeek } from './weeks';

const DAY_WIDTH = 52;
/** Holds two digits of twice the size and leaves the width to the sessions. */
const MOST_WIDER = 1.5;

/** The days of a week: what to do, how it went, and moving sessions to other days; none to come while they are stopped. */
export function WeekDays({ plan, week, isStopped }: { plan: Plan; week: PlanWeek; isStopped: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const { layout } = useLayout();
  const [showsPast, setShowsPast] = useState(false);
  const today = format.today();
  const { move, asked, start, agree, choose, leave } = useMove(plan);
  const end = addDays(week.start, 6);
  const lived = week.start <= today;
  const done = useQuery({ ...adherenceQuery(plan.id, week.start, end), enabled: lived });
  const failure = move.error && asked === null ? errorText(move.error) : null;
  const hidden =
    layout === 'phone' && !showsPast && end >= today ? week.days.filter((day) => day.date < today) : [];
  return (
    <>
      {failure ? (
        <Banner tone="danger" urgent title={t('planMove.failed')}>
          {[failure.message, failure.remedy].filter(Boolean).join(' ')}
        </Banner>
      ) : null}
      <MoveDialog
        plan={plan}
        asked={asked}
        busy={move.isPending}
        onAgree={agree}
        onChoose={choose}
        onLeave={leave}
      />
      {hidden.length > 0 ? (
        <Button
          label={t('plan.showPastDays', { count: hidden.length })}
          variant="quiet"
          small
          flush="start"
          onPress={() => setShowsPast(true)}
        />
      ) : null}
      {week.days
        .filter((day) => !hidden.includes(day) && (!isStopped || day.date < today))
        .map((day) => (
          <DropDay key={day.date} onDropSession={(sessionId) => start(sessionId, day.date)}>
            <DayRow plan={plan} day={day} today={today} done={done.data?.sessions ?? []} onMove={start} />
          </DropDay>
        ))}
      {isStopped && end >= today ? <SessionsStopped title={t('redFlag.stoppedPlan')} /> : null}
    </>
  );
}

function DayRow({
  plan,
  day,
  today,
  done,
  onMove,
}: {
  plan: Plan;
  day: PlannedDay;
  today: string;
  done: readonly SessionAdherence[];
  onMove: (sessionId: string, to: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { textScale } = useTheme();
  const isToday = day.date === today;
  const onTheWay = racesOf(plan.request).filter((race) => !race.isGoal && race.date === day.date);
  return (
    <Row align="flex-start" gap="m">
      <Box width={DAY_WIDTH * Math.min(textScale, MOST_WIDER)} align="center" paddingY="s" gap="xxs">
        <Text variant="label" tone={isToday ? 'accentText' : 'textSecondary'}>
          {format.day(day.date, { weekday: 'short' })}
        </Text>
        <Text variant="stat" tone={isToday ? 'accentText' : 'text'}>
          {format.day(day.date, { day: 'numeric' }).replace('.', '')}
        </Text>
      </Box>
      <Box flex={1} gap="s" minWidth={0}>
        {isToday ? <Badge label={t('plan.today')} tone="accent" /> : null}
        {onTheWay.map((race) => (
          <Row key={race.date} background="surface" border radius="l" padding="m" gap="s">
            <Badge label={t('season.priority', { priority: race.priority })} tone="accent" />
            <Text variant="bodyStrong">
              {race.distance_m === null ? t('plan.raceDay') : format.raceDistance(race.distance_m)}
            </Text>
          </Row>
        ))}
        {day.sessions.length === 0 && onTheWay.length === 0 ? (
          <Row border radius="l" padding="m" gap="s">
            <Icon name="rest" tone="textSecondary" />
            <Text tone="textSecondary">{t('plan.rest')}</Text>
          </Row>
        ) : (
          day.sessions.map((session) => {
            const found = done.find((item) => item.session_id === session.id);
            const card = (
              <SessionCard
                key={session.id}
                session={session}
                open={isToday}
                folds={!isToday}
                mark={<DoneOrNot found={found} />}
              >
                {isToday && (found === undefined || found.status === 'upcoming') ? (
                  <StartButton session={session} />
                ) : null}
                {day.date <= today ? <AfterIt planId={plan.id} session={session} found={found} /> : null}
                {day.date >= today && session.kind !== 'race' && found?.status !== 'done' ? (
                  <MoveTo plan={plan} day={day.date} today={today} session={session} onMove={onMove} />
                ) : null}
              </SessionCard>
            );
            return day.date >= today && session.kind !== 'race' ? (
              <DraggableSession key={session.id} id={session.id}>
                {card}
              </DraggableSession>
            ) : (
              card
            );
          })
        )}
      </Box>
    </Row>
  );
}

function DoneOrNot({ found }: { found: SessionAdherence | undefined }) {
  const { t } = useTranslation();
  if (found === undefined || found.status === 'upcoming') return null;
  return (
    <Row paddingY="xxs">
      {found.status === 'done' ? (
        <Badge label={t('adherence.done')} tone="success" />
      ) : (
        <Badge label={t(found.status === 'skipped' ? 'adherence.skipped' : 'adherence.notDone')} />
      )}
    </Row>
  );
}

const DAYS_AROUND = 7;

function MoveTo({
  plan,
  day,
  today,
  session,
  onMove,
}: {
  plan: Plan;
  day: string;
  today: string;
  session: PlannedSession;
  onMove: (sessionId: string, to: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const from = addDays(day, -DAYS_AROUND) < today ? today : addDays(day, -DAYS_AROUND);
  const to = addDays(day, DAYS_AROUND);
  const days = plan.document.days.filter((item) => item.date >= from && item.date <= to && item.date !== day);
  if (days.length === 0) return null;
  return (
    <Box width={240}>
      <Select
        label={t('planMove.moveTo')}
        hideLabel
        opensFirst
        value=""
        onChange={(date) => {
          if (date !== '') onMove(session.id, date);
        }}
        options={[
          { value: '', label: t('planMove.moveTo') },
          ...days.map((item) => ({
            value: item.date as string,
            label: format.day(item.date, { weekday: 'long', day: 'numeric', month: 'short' }),
          })),
        ]}
      />
    </Box>
  );
}
