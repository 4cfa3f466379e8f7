import { useQuery } from '@tanstack/react-query';
import { useLocalSearchParams } from 'expo-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { meQuery, planQuery, readinessQuery } from '@/api/queries';
import type { Athlete, Plan, PlannedSession } from '@/api/types';
import { Box, Button, Card, EmptyState, Icon, Row, Screen, Text } from '@/design';
import { sportIcon } from '@/features/activities/words';
import { dayOf } from '@/features/plan/weeks';
import { QueryState } from '@/features/shell/QueryState';
import { RedFlagBanner, SessionsStopped } from '@/features/today/RedFlag';
import { useFormat } from '@/i18n/useFormat';
import { enqueue, keep, kept } from '@/live/player/kept';
import { FREE_SPORTS, freeStep, isPlayable, workoutSteps } from '@/live/player/planned';
import { finish, newWorkout, restored, type Workout } from '@/live/player/workout';

import { Player } from './Player';
import { Waiting } from './Waiting';

/** Play a planned session: from the link of one, or chosen here; one that was interrupted is offered first. A red flag
 * leaves nothing to play. */
export function WorkoutScreen() {
  const { t } = useTranslation();
  const me = useQuery(meQuery());
  const plan = useQuery(planQuery());
  return (
    <Screen
      title={t('workout.title')}
      subtitle={t('workout.subtitle')}
      width="reading"
      back={{ href: '/', label: t('nav.today') }}
    >
      <QueryState query={me} skeleton={{ count: 2, height: 160 }}>
        {(athlete) => (
          <QueryState query={plan} skeleton={{ count: 2, height: 160 }}>
            {(body) => <Chosen athlete={athlete} plan={body} />}
          </QueryState>
        )}
      </QueryState>
    </Screen>
  );
}

function Chosen({ athlete, plan }: { athlete: Athlete; plan: Plan | null }) {
  const { session: wanted } = useLocalSearchParams<{ session?: string }>();
  const { t } = useTranslation();
  const format = useFormat();
  const flag = useQuery(readinessQuery()).data?.red_flag ?? null;
  const isStopped = flag !== null || plan?.is_stopped === true;
  const [workout, setWorkout] = useState<Workout | null>(null);
  const [old, setOld] = useState<Workout | null>(null);
  useEffect(() => {
    let isGone = false;
    void kept(athlete.id).then((found) => {
      if (!isGone && found !== null) setOld(restored(found));
    });
    return () => {
      isGone = true;
    };
  }, [athlete.id]);
  if (workout !== null) return <Player key={workout.id} begun={workout} onLeave={() => setWorkout(null)} />;
  const begin = async (begun: Workout) => {
    await keep(begun);
    setWorkout(begun);
  };
  const days = plan?.document.days ?? [];
  const sessions = days.flatMap((day) => day.sessions);
  const linked = sessions.find((session) => session.id === wanted);
  const today = dayOf(days, format.today())?.sessions ?? [];
  const offered = (linked ? [linked] : today).filter(isPlayable);
  return (
    <>
      {flag ? <RedFlagBanner flag={flag} /> : null}
      <Waiting owner={athlete.id} />
      {old === null ? null : (
        <Card title={t('workout.interrupted')} caption={old.title}>
          <Row gap="s">
            {isStopped ? null : (
              <Button
                label={t('workout.goOn')}
                icon="play"
                onPress={() => {
                  setOld(null);
                  setWorkout(old);
                }}
              />
            )}
            <Button
              label={t('workout.endIt')}
              variant="secondary"
              onPress={() => {
                setOld(null);
                void enqueue(finish(old, old.sinceMs));
              }}
            />
          </Row>
        </Card>
      )}
      {isStopped ? (
        <SessionsStopped />
      ) : offered.length === 0 ? (
        <EmptyState
          icon="rest"
          title={t('workout.nothing')}
          action={<Button href="/plan" label={t('today.wholePlan')} variant="secondary" />}
        >
          {t('workout.nothingHint')}
        </EmptyState>
      ) : (
        offered.map((session) => (
          <Card key={session.id} title={session.title}>
            <Row gap="s">
              <Icon name={sportIcon(session.sport)} tone="accentText" />
              <Text tone="textSecondary">{t('duration.min', { value: format.number(session.minutes) })}</Text>
            </Row>
            <Box align="flex-start">
              <Button
                label={t('workout.start')}
                accessibilityLabel={t('workout.startOf', { title: session.title })}
                icon="play"
                onPress={() => void begin(begunNow(planned(session), athlete.id))}
              />
            </Box>
          </Card>
        ))
      )}
      {linked || isStopped ? null : (
        <Card title={t('workout.free.title')} caption={t('workout.free.hint')}>
          <Row gap="s" wrap>
            {FREE_SPORTS.map((sport) => {
              const title = t(`workout.free.${sport}`);
              return (
                <Button
                  key={sport}
                  label={title}
                  icon={sportIcon(sport)}
                  variant="secondary"
                  onPress={() => void begin(begunNow({ title, sport, steps: [freeStep(title)] }, athlete.id))}
                />
              );
            })}
          </Row>
        </Card>
      )}
      {linked || isStopped ? null : (
        <Card title={t('workout.more')}>
          <Row gap="s" wrap>
            <Button href="/live/push-ups" label={t('livePushUps.title')} icon="video" variant="secondary" />
            <Button href="/live/rooms" label={t('together.title')} icon="people" variant="secondary" />
            <Button href="/live/hrv" label={t('hrvCheck.open')} icon="devices" variant="secondary" />
          </Row>
        </Card>
      )}
    </>
  );
}

type Begun = Pick<Workout, 'title' | 'sport' | 'steps'>;

const planned = (session: PlannedSession): Begun => ({
  title: session.title,
  sport: session.sport,
  steps: workoutSteps(session),
});

function begunNow(what: Begun, owner: string): Workout {
  const nowMs = Date.now();
  return newWorkout({ id: newId(nowMs), owner, ...what }, nowMs);
}

/** A name that nothing else has, also where the page is not served securely. */
const newId = (nowMs: number): string =>
  `live-${nowMs.toString(36)}-${Math.random().toString(36).slice(2, 12).padEnd(10, '0')}`;
