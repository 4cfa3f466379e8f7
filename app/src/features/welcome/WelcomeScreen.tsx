import { useQuery } from '@tanstack/react-query';
import { Redirect, useLocalSearchParams, useRouter } from 'expo-router';
import { useTranslation } from 'react-i18next';

import { isSignedOut } from '@/api/errors';
import { jobsQuery, meQuery } from '@/api/queries';
import type { Athlete } from '@/api/types';
import { Box, Button, Row, SkeletonList } from '@/design';
import { hasImported } from '@/features/jobs/selection';
import { SendUploads } from '@/features/jobs/SendUploads';
import { QueryState } from '@/features/shell/QueryState';
import { LiveUpdates } from '@/realtime/useLiveUpdates';

import { isStep, type Step, stepAfter, stepBefore, steps, useProgress } from './progress';
import { AimStep, ConsentStep, HistoryStep, useConsentStep, YouStep } from './steps';
import { ThresholdStep } from './ThresholdStep';
import { WelcomeFrame } from './WelcomeFrame';

const SKELETON = { count: 3, height: 80 };

/** The first minutes of somebody new: five short questions, each of which can be left for later. */
export function WelcomeScreen() {
  const { t } = useTranslation();
  const me = useQuery(meQuery());
  if (isSignedOut(me.error)) return <Redirect href="/sign-in" />;
  if (me.data === undefined) {
    return (
      <WelcomeFrame title={t('welcome.step.aim')} lead="" place="">
        <QueryState query={me} skeleton={SKELETON}>
          {() => null}
        </QueryState>
      </WelcomeFrame>
    );
  }
  return (
    <LiveUpdates>
      <SendUploads />
      <Steps athlete={me.data} />
    </LiveUpdates>
  );
}

function Steps({ athlete }: { athlete: Athlete }) {
  const { t } = useTranslation();
  const router = useRouter();
  const asked = useLocalSearchParams<{ step?: string }>().step;
  const [progress, keep] = useProgress(athlete.id);
  const refusal = useConsentStep();
  const jobs = useQuery(jobsQuery());
  if (progress === undefined) {
    return (
      <WelcomeFrame title={t('welcome.step.aim')} lead="" place="">
        <SkeletonList label={t('state.loading')} {...SKELETON} />
      </WelcomeFrame>
    );
  }
  if (!isStep(asked)) {
    // Each step has an address of its own, so that the browser's way back leads to the one before.
    return (
      <Redirect href={{ pathname: '/welcome', params: { step: isStep(progress) ? progress : 'aim' } }} />
    );
  }
  const step: Step = asked;
  const show = (next: Step) => {
    keep(next);
    router.push({ pathname: '/welcome', params: { step: next } });
  };
  const leave = (finished: boolean) => {
    if (finished) keep('done');
    router.replace('/');
  };
  const goOn = () => {
    const next = stepAfter(step);
    if (next === 'done') leave(true);
    else if (step === 'consents') refusal.mutate(undefined, { onSuccess: () => show(next) });
    else show(next);
  };
  const before = stepBefore(step);
  const isLast = stepAfter(step) === 'done';
  return (
    <WelcomeFrame
      key={step}
      title={t(`welcome.step.${step}`)}
      lead={t(`welcome.lead.${step}`)}
      place={t('welcome.place', { step: steps.indexOf(step) + 1, steps: steps.length })}
      share={(steps.indexOf(step) + 1) / steps.length}
    >
      <StepBody step={step} athlete={athlete} refusal={refusal} />
      <Row gap="s" justify="space-between" wrap>
        {before === null ? (
          <Button label={t('welcome.leave')} variant="quiet" flush="start" onPress={() => leave(false)} />
        ) : (
          <Button
            label={t('welcome.back')}
            icon="chevronLeft"
            variant="quiet"
            flush="start"
            onPress={() => show(before)}
          />
        )}
        <Button
          label={t(isLast ? 'welcome.finish' : 'welcome.next')}
          busy={refusal.isPending}
          onPress={goOn}
        />
      </Row>
      {before === null || (isLast && hasImported(jobs.data?.items ?? [])) ? null : (
        <Box align="center">
          <Button
            label={t('welcome.leave')}
            variant="quiet"
            small
            align="center"
            onPress={() => leave(false)}
          />
        </Box>
      )}
    </WelcomeFrame>
  );
}

function StepBody({
  step,
  athlete,
  refusal,
}: {
  step: Step;
  athlete: Athlete;
  refusal: ReturnType<typeof useConsentStep>;
}) {
  switch (step) {
    case 'aim':
      return <AimStep athlete={athlete} />;
    case 'you':
      return <YouStep athlete={athlete} />;
    case 'consents':
      return <ConsentStep refusal={refusal} />;
    case 'thresholds':
      return <ThresholdStep athlete={athlete} />;
    case 'history':
      return <HistoryStep />;
  }
}
