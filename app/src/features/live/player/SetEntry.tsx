import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';

import { Banner, Box, Button, Card, Row, Text, TextField } from '@/design';
import { ConsentGate } from '@/features/consents/ConsentGate';
import { useMissingConsents } from '@/features/consents/consents';
import { useFormWords } from '@/features/formChecks/useFormWords';
import { useFormat } from '@/i18n/useFormat';
import { massToKg, typedNumber } from '@/lib/units';
import type { Voice } from '@/live/cues/voice';
import type { LiveSet, SetDone, WorkoutStep } from '@/live/player/workout';

import type { CameraSet, RunningState } from '../camera/cameraSet';
import type { Coach, Recording } from '../camera/coach';
import { CameraChoice, Said, useProblemText } from '../camera/PushUps';
import { liveSet } from '../camera/saving';
import { useCameraSet } from '../camera/useCameraSet';
import { faultsSeen } from './seenFaults';

/** What the live coach knows to count. */
const COUNTED = 'push_up';
const MOST_REPS = 1_000;

type Done = (reps: number, massKg: number | null, seen: LiveSet | null) => void;
/** `place` names the set among all of this device. */
type SetEntryProps = {
  step: WorkoutStep;
  place: string;
  voice: Voice;
  /** Whether the camera counts now. */
  onCounting: (isCounting: boolean) => void;
  onDone: Done;
};

/** What was done of a set: typed in, or counted by the camera and corrected. */
export function SetEntry(props: SetEntryProps) {
  if (props.step.exercise === COUNTED) return <CountedEntry {...props} />;
  return <TypedEntry {...props} />;
}

function TypedEntry({ step, onDone }: SetEntryProps) {
  const entry = useEntry(step);
  return (
    <Card>
      <Fields entry={entry} onDone={(reps, massKg) => onDone(reps, massKg, null)} />
    </Card>
  );
}

/** The camera fills in the number as it rises; with all repetitions done and the athlete up again the rest begins. */
function CountedEntry({ step, place, voice, onCounting, onDone }: SetEntryProps) {
  const { t, i18n } = useTranslation();
  const problemText = useProblemText();
  const entry = useEntry(step);
  const [recording, setRecording] = useState<Recording | null>(null);
  const { setReps } = entry;
  const show = useCallback(
    (taken: Recording) => {
      setRecording(taken);
      if (taken.count > 0) setReps(String(taken.count));
    },
    [setReps],
  );
  const camera = useCameraSet(i18n.language, { place, voice, onCutOff: show });
  const missing = useMissingConsents(['form_videos']);
  const { state } = camera;
  const isCounting = state.kind === 'running';
  useEffect(() => {
    onCounting(isCounting);
    return () => onCounting(false);
  }, [isCounting, onCounting]);
  const take = (): Recording | null => {
    const taken = camera.onFinish();
    if (taken === null) return recording;
    show(taken);
    return taken;
  };
  const done = (reps: number, massKg: number | null, taken: Recording | null) => {
    const isKept = taken !== null && taken.reps.length > 0 && missing?.length === 0;
    onDone(reps, massKg, isKept ? liveSet(taken) : null);
  };
  const onOver = () => {
    const taken = take();
    if (taken !== null && taken.count >= (step.reps ?? 0) && entry.value !== null)
      done(taken.count, entry.value.massKg, taken);
  };
  const cut = state.kind === 'problem' ? state.recording : null;
  return (
    <Card>
      <Box gap="m">
        {state.kind === 'running' ? (
          <Counting
            camera={camera}
            state={state}
            onCount={(count) => entry.setReps(String(count))}
            onOver={onOver}
            onStop={take}
          />
        ) : camera.isPossible ? (
          <Box gap="s" align="flex-start">
            <Button
              label={t('workout.camera.count')}
              icon="video"
              variant="secondary"
              busy={state.kind === 'loading'}
              onPress={camera.onStart}
            />
            <Text variant="caption" tone="textSecondary">
              {t('workout.camera.hint')}
            </Text>
          </Box>
        ) : null}
        {state.kind === 'problem' ? (
          <Banner tone="warning" urgent title={t('livePushUps.problem')}>
            {problemText(state.problem)}
          </Banner>
        ) : null}
        {recording === null ? null : <SeenFaults sets={[liveSet(recording)]} />}
        <Fields
          entry={entry}
          onDone={(reps, massKg) =>
            done(reps, massKg, state.kind === 'running' ? take() : (cut ?? recording))
          }
        />
        {recording === null || missing === null || missing.length === 0 ? null : (
          <ConsentGate purposes={['form_videos']} level={3}>
            {null}
          </ConsentGate>
        )}
      </Box>
    </Card>
  );
}

function Counting({
  camera,
  state,
  onCount,
  onOver,
  onStop,
}: {
  camera: CameraSet;
  state: RunningState;
  onCount: (count: number) => void;
  onOver: () => void;
  onStop: () => void;
}) {
  const { t } = useTranslation();
  const { coach } = state;
  useCounted(coach, onCount, onOver);
  return (
    <>
      <Said coach={coach} />
      {camera.stage(state)}
      <CameraChoice state={state} onCamera={camera.onCamera} />
      <Box align="flex-start">
        <Button label={t('workout.camera.stop')} variant="secondary" onPress={onStop} />
      </Box>
    </>
  );
}

/** Tell the count as it rises, and once that the athlete has left the position. */
function useCounted(coach: Coach, onCount: (count: number) => void, onOver: () => void): void {
  const { count, phase } = useSyncExternalStore(coach.subscribe, coach.snapshot);
  const isOver = phase === 'rest';
  useEffect(() => {
    if (count > 0) onCount(count);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- Only a new count is told, not a new listener.
  }, [count]);
  useEffect(() => {
    if (isOver) onOver();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- Only the end is told, not a new listener.
  }, [isOver]);
}

/** In the rest the number of the last set can still be put right. */
export function LastSet({ last, onCorrect }: { last: SetDone; onCorrect: (reps: number) => void }) {
  const { t } = useTranslation();
  const [reps, setReps] = useState(String(last.reps));
  const count = repsIn(reps);
  return (
    <Card>
      <Box gap="s">
        <Row gap="m" wrap align="flex-end">
          <Box width={FIELD_WIDTH}>
            <TextField
              label={t('workout.camera.lastSet')}
              value={reps}
              onChangeText={setReps}
              inputMode="numeric"
              selectTextOnFocus
            />
          </Box>
          <Button
            label={t('workout.camera.correct')}
            variant="secondary"
            disabled={count === null || count === last.reps}
            onPress={() => count !== null && onCorrect(count)}
          />
        </Row>
        {last.seen === undefined ? null : <SeenFaults sets={[last.seen]} />}
      </Box>
    </Card>
  );
}

/** What the camera saw wrong, and in how many repetitions. */
export function SeenFaults({ sets }: { sets: readonly LiveSet[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useFormWords();
  const faults = faultsSeen(sets);
  return (
    <Text tone="textSecondary" testID="seen-faults">
      {faults.length === 0
        ? t('workout.camera.clean')
        : t('workout.camera.faults', {
            faults: faults
              .map(({ code, reps }) => `${words.fault(code)} (${format.number(reps)})`)
              .join(', '),
          })}
    </Text>
  );
}

const FIELD_WIDTH = 140;

function repsIn(text: string): number | null {
  const count = Number(text);
  return text.trim() !== '' && Number.isInteger(count) && count >= 0 && count <= MOST_REPS ? count : null;
}

type Entry = ReturnType<typeof useEntry>;

function useEntry(step: WorkoutStep) {
  const format = useFormat();
  const [reps, setReps] = useState(String(step.reps ?? 0));
  const [mass, setMass] = useState('');
  const count = repsIn(reps);
  const typed = typedNumber(mass);
  const massKg = typed === null ? null : massToKg(typed, format.system);
  const isRight = massKg === null ? mass.trim() === '' : massKg >= 0 && massKg <= MOST_KG;
  return { reps, setReps, mass, setMass, value: count !== null && isRight ? { count, massKg } : null };
}

const MOST_KG = 1_000;

function Fields({ entry, onDone }: { entry: Entry; onDone: (reps: number, massKg: number | null) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { value } = entry;
  return (
    <Row gap="m" wrap align="flex-end">
      <Box width={FIELD_WIDTH}>
        <TextField
          label={t('workout.repsDone')}
          value={entry.reps}
          onChangeText={entry.setReps}
          inputMode="numeric"
          selectTextOnFocus
        />
      </Box>
      <Box width={FIELD_WIDTH}>
        <TextField
          label={t('workout.mass')}
          value={entry.mass}
          onChangeText={entry.setMass}
          inputMode="decimal"
          suffix={format.mass(0)?.unit}
        />
      </Box>
      <Button
        label={t('workout.setDone')}
        disabled={value === null}
        onPress={() => value !== null && onDone(value.count, value.massKg)}
      />
    </Row>
  );
}
