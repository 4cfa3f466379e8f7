import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Banner, Box, Button, Card, ProgressBar, Row, Stat, StatGrid, Text } from '@/design';
import { useFormat } from '@/i18n/useFormat';
import {
  currentStep,
  lapCount,
  meanBpm,
  meanPowerW,
  onTargetPct,
  type Workout,
  type WorkoutStep,
} from '@/live/player/workout';
import { FeedbackChoice } from '../FeedbackChoice';
import { StrapCard } from '../StrapCard';
import { SUGGESTED, SUGGESTED_UNCOUNTED } from '../together/roomQueries';
import { Together } from '../together/Together';
import { useToldOfWorkout } from '../together/useTold';
import { PhoneCard } from './PhoneCard';
import { PodsCard } from './PodsCard';
import { LargeReadings, SmallReadings } from './Readings';
import { Route } from './Route';
import { usePhone } from './usePhone';
import { usePods } from './usePods';
import { LastSet, SeenFaults, SetEntry } from './SetEntry';
import { useSending } from './Waiting';
import { useWorkout } from './useWorkout';

const FEEDBACK = ['voice', 'tones', 'haptics'] as const;

/** A workout under way, to be read from two metres. */
export function Player({ begun, onLeave }: { begun: Workout; onLeave: () => void }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const showPace = useCallback(
    (speedMS: number) => format.speed(speedMS, begun.sport)?.value ?? '',
    [format, begun.sport],
  );
  const play = useWorkout(begun, i18n.language, showPace);
  const { workout, caption, bpm, measured } = play;
  const pods = usePods(play.onMotion);
  const phone = usePhone(play.onFix, play.onMotion, workout.isDone);
  const told = useToldOfWorkout(workout, bpm, measured);
  // The ring shows what counts then; two large numbers would be read for each other.
  const [isCounting, setCounting] = useState(false);
  const step = currentStep(workout);
  if (workout.isDone || step === null) return <Summary workout={workout} onLeave={onLeave} />;
  const next = workout.steps[workout.index + 1];
  const last = workout.sets.at(-1);
  const left = Math.max(0, step.durationS - workout.stepS);
  const onTarget = format.plain(onTargetPct(workout), 'percent');
  return (
    <>
      <Card>
        <Text variant="title" level={2} align="center" testID="step">
          {step.text}
        </Text>
        {step.reps !== null && isCounting ? (
          // Most steps have the number in their name.
          step.text.includes(String(step.reps)) ? null : (
            <Text variant="title" tone="textSecondary" align="center" testID="clock">
              {t('workout.planned', { reps: format.number(step.reps) })}
            </Text>
          )
        ) : (
          <>
            <Text variant="giant" align="center" tabular testID="clock">
              {step.reps !== null
                ? String(step.reps)
                : format.clock(step.isOpen ? Math.floor(workout.stepS) : Math.ceil(left))}
            </Text>
            <Text tone="textSecondary" align="center">
              {step.reps !== null ? t('workout.reps') : t(step.isOpen ? 'field.time' : 'workout.left')}
            </Text>
          </>
        )}
        {step.reps === null && !step.isOpen ? (
          <ProgressBar value={workout.stepS / Math.max(1, step.durationS)} label={t('workout.left')} />
        ) : null}
        <LargeReadings workout={workout} bpm={bpm} measured={measured} />
        <Target step={step} sport={workout.sport} />
        <Box aria-live="assertive" justify="center">
          <Text variant="title" tone="accentText" align="center" testID="caption">
            {caption?.text ?? ''}
          </Text>
        </Box>
        <SmallReadings workout={workout} measured={measured} />
      </Card>
      {step.reps === null ? null : (
        <SetEntry
          key={workout.index}
          step={step}
          place={`${workout.id}/${workout.index}`}
          voice={play.speaker}
          onCounting={setCounting}
          onDone={play.setDone}
        />
      )}
      {step.isRest && last !== undefined ? (
        <LastSet key={workout.sets.length} last={last} onCorrect={play.correctSet} />
      ) : null}
      <Row gap="s" wrap>
        {workout.isPaused ? (
          <Button label={t('workout.resume')} icon="play" onPress={play.resume} />
        ) : (
          <Button label={t('workout.pause')} variant="secondary" onPress={play.pause} />
        )}
        <Button label={t('workout.lap')} variant="secondary" onPress={play.lap} />
        {step.isOpen ? null : <Button label={t('workout.skip')} variant="secondary" onPress={play.skip} />}
        <Button label={t('workout.finish')} variant="quiet" onPress={play.finish} />
      </Row>
      <Together read={told} suggested={isCounted(workout) ? SUGGESTED : SUGGESTED_UNCOUNTED} />
      <StrapCard state={play.strap} onConnect={play.connect} />
      <PodsCard
        sport={workout.sport}
        states={pods.states}
        onConnect={(kind) => {
          play.wake();
          return pods.connect(kind);
        }}
        wheelMm={pods.hasWheel ? pods.wheelMm : null}
        onWheel={pods.setWheel}
      />
      <PhoneCard sport={workout.sport} phone={phone} />
      <Route workout={workout} />
      <FeedbackChoice speaker={play.speaker} kinds={FEEDBACK} />
      {play.speaker.canSpeak ? null : <Banner title={t('workout.noVoice')} />}
      <StatGrid>
        {[
          // A single step without an end is the whole session: its clock stands above already.
          ...(step.isOpen && workout.steps.length === 1
            ? []
            : [
                <Stat key="time" label={t('field.time')} value={format.clock(workout.timerS)} />,
                <Stat
                  key="step"
                  label={t('workout.stepOf')}
                  value={`${format.number(workout.index + 1)}/${format.number(workout.steps.length)}`}
                />,
              ]),
          <Stat key="laps" label={t('workout.laps')} value={format.number(lapCount(workout))} />,
          ...(onTarget === null
            ? []
            : [
                <Stat
                  key="target"
                  label={t('workout.onTarget')}
                  value={onTarget.value}
                  unit={onTarget.unit}
                />,
              ]),
        ]}
      </StatGrid>
      {next ? <Text tone="textSecondary">{t('workout.next', { text: next.text })}</Text> : null}
    </>
  );
}

const isCounted = ({ steps }: Workout): boolean => steps.some(({ reps }) => reps !== null);

function Target({ step, sport }: { step: WorkoutStep; sport: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const pair = (limits: readonly [number, number] | null, unit: 'bpm' | 'w') =>
    limits === null ? null : `${format.number(limits[0])}–${format.plain(limits[1], unit)?.text ?? ''}`;
  const speed = step.speedMS?.map((value) => format.speed(value, sport)?.text ?? '').join(' – ') ?? null;
  const effort =
    step.rpe === null
      ? null
      : t('plan.effort', { low: format.number(step.rpe[0]), high: format.number(step.rpe[1]) });
  const text = pair(step.hrBpm, 'bpm') ?? pair(step.powerW, 'w') ?? speed ?? effort;
  const cadence = step.cadenceRpm
    ? `${format.number(step.cadenceRpm[0])}–${format.plain(step.cadenceRpm[1], 'rpm')?.text ?? ''}`
    : null;
  const texts = [text, cadence].filter((one) => one !== null);
  if (texts.length === 0) return null;
  return (
    <Text variant="title" align="center" tone="textSecondary">
      {t('workout.target', { text: texts.join(' · ') })}
    </Text>
  );
}

function Summary({ workout, onLeave }: { workout: Workout; onLeave: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { left, failed } = useSending(workout.owner);
  const bpm = meanBpm(workout);
  const distance = format.distance(workout.distanceM, workout.sport)?.text;
  const watts = format.plain(meanPowerW(workout), 'w')?.text;
  const onTarget = format.plain(onTargetPct(workout), 'percent');
  const seen = workout.sets.flatMap((set) => set.seen ?? []);
  const reps = workout.sets.reduce((sum, set) => sum + set.reps, 0);
  return (
    <Card title={t('workout.done')} caption={workout.title}>
      <StatGrid>
        {[
          <Stat key="time" label={t('field.time')} value={format.clock(workout.timerS)} />,
          <Stat key="laps" label={t('workout.laps')} value={format.number(lapCount(workout))} />,
          ...(onTarget === null
            ? []
            : [
                <Stat
                  key="target"
                  label={t('workout.onTarget')}
                  value={onTarget.value}
                  unit={onTarget.unit}
                />,
              ]),
          ...(bpm === null ? [] : [<Stat key="hr" label={t('workout.bpm')} value={format.number(bpm)} />]),
          ...(distance === undefined
            ? []
            : [<Stat key="distance" label={t('field.distance')} value={distance} />]),
          ...(watts === undefined ? [] : [<Stat key="power" label={t('field.powerMean')} value={watts} />]),
          ...(workout.sets.length === 0
            ? []
            : [<Stat key="reps" label={t('workout.repsDone')} value={format.number(reps)} />]),
        ]}
      </StatGrid>
      {seen.length === 0 ? null : <SeenFaults sets={seen} />}
      <Route workout={workout} />
      <Text tone={left === 0 ? 'successText' : 'textSecondary'} aria-live="polite">
        {failed ? t('workout.refused') : left === 0 ? t('workout.sent') : t('workout.sending')}
      </Text>
      <Row gap="s">
        <Button href="/activities" label={t('workout.toActivities')} />
        <Button label={t('workout.back')} variant="secondary" onPress={onLeave} />
      </Row>
    </Card>
  );
}
