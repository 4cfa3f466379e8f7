import { useCallback, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Platform } from 'react-native';

import { Banner, Box, Button, Card, Columns, ErrorState, Row, Screen, Select, Text } from '@/design';
import { useFormat } from '@/i18n/useFormat';

import { FeedbackChoice } from '../FeedbackChoice';
import { SUGGESTED } from '../together/roomQueries';
import { Together } from '../together/Together';
import { useToldOfSet } from '../together/useTold';
import type { Camera } from './cameras';
import type { CameraSet, RunningState } from './cameraSet';
import type { Coach } from './coach';
import { Ring } from './Ring';
import { SetDone } from './SetDone';
import type { LiveProblem } from './problems';
import { WaitingSets } from './WaitingSets';

const FEEDBACK = ['voice', 'haptics'] as const;
const IS_BROWSER = Platform.OS === 'web';

/** Push-ups before the camera of this device: counted and corrected as they are done. */
export function PushUps(props: CameraSet) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const { state } = props;
  return (
    <Screen
      title={t('livePushUps.title')}
      subtitle={t('livePushUps.subtitle')}
      back={{ href: '/form-checks', label: t('formChecks.title') }}
    >
      {state.kind === 'intro' ? <WaitingSets /> : null}
      {state.kind === 'intro' || state.kind === 'loading' ? (
        <Intro isPossible={props.isPossible} isLoading={state.kind === 'loading'} onStart={props.onStart} />
      ) : null}
      {state.kind === 'problem' ? (
        <>
          <ErrorState
            title={t('livePushUps.problem')}
            message={problemText(state.problem)}
            retryLabel={t('livePushUps.tryAgain')}
            onRetry={props.onStart}
          />
          {state.recording !== null && state.recording.reps.length > 0 ? (
            <SetDone recording={state.recording} onAgain={props.onAgain} />
          ) : null}
        </>
      ) : null}
      {state.kind === 'running' ? <Running {...props} state={state} /> : null}
      {state.kind === 'done' && state.wasCut ? <Banner title={t('livePushUps.cutOff')} /> : null}
      {state.kind === 'done' ? <SetDone recording={state.recording} onAgain={props.onAgain} /> : null}
    </Screen>
  );
}

/** What keeps the camera from following, and what can be done: by the browser, or by the system of a phone. */
export function useProblemText(): (problem: LiveProblem) => string {
  const { t } = useTranslation();
  return (problem) => {
    if (!IS_BROWSER && (problem === 'refused' || problem === 'unsupported' || problem === 'models'))
      return t(`livePushUps.app.problems.${problem}`);
    return t(`livePushUps.problems.${problem}`);
  };
}

function Intro({
  isPossible,
  isLoading,
  onStart,
}: {
  isPossible: boolean;
  isLoading: boolean;
  onStart: () => void;
}) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  if (!isPossible) {
    return (
      <Banner tone="warning" title={t('livePushUps.problem')}>
        {problemText('unsupported')}
      </Banner>
    );
  }
  return (
    <Card title={t('livePushUps.before')}>
      <Box gap="m">
        <Text>{t('livePushUps.privacy')}</Text>
        <Text tone="textSecondary">{t('livePushUps.place')}</Text>
        <Button label={t('livePushUps.start')} icon="video" busy={isLoading} onPress={onStart} />
        {isLoading ? (
          <Text variant="caption" tone="textSecondary" role="status">
            {t(IS_BROWSER ? 'livePushUps.loading' : 'livePushUps.app.loading')}
          </Text>
        ) : null}
      </Box>
    </Card>
  );
}

function Running({ state, stage, speaker, onFinish, onCamera }: CameraSet & { state: RunningState }) {
  const { t } = useTranslation();
  const { coach } = state;
  const told = useToldOfSet(useCallback(() => coach.snapshot().count, [coach]));
  return (
    <Columns
      main={stage(state)}
      aside={
        <>
          {state.isPaused ? (
            <Banner title={t(IS_BROWSER ? 'livePushUps.paused' : 'livePushUps.app.paused')} />
          ) : null}
          <Said coach={coach} />
          <CameraChoice state={state} onCamera={onCamera} />
          <FeedbackChoice speaker={speaker} kinds={FEEDBACK} />
          <Button label={t('livePushUps.finish')} onPress={onFinish} />
          <Together read={told} suggested={SUGGESTED} />
        </>
      }
    />
  );
}

/** Which camera looks, where there are several. */
export function CameraChoice({ state, onCamera }: Pick<CameraSet, 'onCamera'> & { state: RunningState }) {
  const { t } = useTranslation();
  const nameOf = ({ id, label }: Camera, index: number) => {
    if (label !== '') return label;
    if (id === 'front' || id === 'back') return t(`livePushUps.app.cameras.${id}`);
    return t('livePushUps.cameraNumber', { number: index + 1 });
  };
  if (state.cameras.length < 2) return null;
  return (
    <Select
      label={t('livePushUps.camera')}
      value={state.cameraId ?? ''}
      options={state.cameras.map((camera, index) => ({ value: camera.id, label: nameOf(camera, index) }))}
      onChange={onCamera}
    />
  );
}

/** Count, state and what is said, as text too. */
export function Said({ coach }: { coach: Coach }) {
  const { t } = useTranslation();
  const format = useFormat();
  const view = useSyncExternalStore(coach.subscribe, coach.snapshot);
  const { phase, hint, count, countOfSet, bend, caption, isSeen } = view;
  return (
    <Card>
      <Row gap="l" align="center" wrap>
        <Ring
          count={format.number(countOfSet)}
          bend={bend}
          label={t('livePushUps.count', { count: countOfSet })}
        />
        <Box gap="xs" flex={1} minWidth={0}>
          <Text variant="statLarge" testID="live-state">
            {isSeen || phase === 'active' ? t(`livePushUps.phases.${phase}`) : t('livePushUps.notSeen')}
          </Text>
          {hint === null || phase === 'active' ? null : (
            <Text tone="textSecondary">{t(`livePushUps.hints.${hint}`)}</Text>
          )}
          {count === countOfSet ? null : (
            <Text tone="textSecondary">{t('livePushUps.inAll', { count })}</Text>
          )}
        </Box>
      </Row>
      <Box role="status" aria-live="polite">
        <Text variant="statLarge" tone="accentText" testID="live-caption">
          {caption ?? ''}
        </Text>
      </Box>
    </Card>
  );
}
