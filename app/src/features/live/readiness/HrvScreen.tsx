import { onlineManager, useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { keys } from '@/api/queries';
import { sendWellnessDay, writeKeys } from '@/api/writes';
import {
  Badge,
  Banner,
  Box,
  Button,
  Card,
  ProgressBar,
  Row,
  Screen,
  Stat,
  StatGrid,
  Text,
  useToast,
} from '@/design';
import { ConsentGate } from '@/features/consents/ConsentGate';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';
import { newKey } from '@/lib/newKey';
import { DURATION_S, type HrvResult } from '@/live/hrv/check';
import limits from '@/live/hrv/limits.json';
import { hasStraps } from '@/live/sensors/strap';

import { StrapCard } from '../StrapCard';
import { useHrvCheck } from './useHrvCheck';

/** Two minutes lying down with a strap: how variable the beats are, for today's readiness. */
export function HrvScreen() {
  const { t } = useTranslation();
  return (
    <Screen
      title={t('hrvCheck.title')}
      subtitle={t('hrvCheck.subtitle')}
      width="reading"
      back={{ href: '/body', label: t('hrvCheck.toBody') }}
    >
      <ConsentGate purposes={['body_and_wellness']}>
        {hasStraps() ? <Check /> : <Banner title={t('hrvCheck.noStrap')} />}
      </ConsentGate>
    </Screen>
  );
}

function Check() {
  const { t } = useTranslation();
  const format = useFormat();
  const { state, strap, begin, stop, connect } = useHrvCheck();
  if (state.kind === 'done') return <Result result={state.result} onAgain={stop} />;
  if (state.kind === 'intro') {
    return (
      <Card title={t('hrvCheck.how')}>
        {(['how1', 'how2', 'how3'] as const).map((key) => (
          <Text key={key}>{t(`hrvCheck.${key}`)}</Text>
        ))}
        <StrapCard state={strap} onConnect={connect} />
        {strap === 'connected' ? (
          <Box gap="s" align="flex-start">
            <Button label={t('hrvCheck.begin')} icon="play" onPress={begin} />
            <Text tone="textSecondary">{t('hrvCheck.beginHint')}</Text>
          </Box>
        ) : null}
      </Card>
    );
  }
  return (
    <Card>
      <Text variant="title" level={2} align="center" aria-live="polite">
        {t(state.kind === 'waiting' ? 'hrvCheck.waiting' : 'hrvCheck.lie')}
      </Text>
      {state.kind === 'running' ? (
        <>
          <Text variant="giant" align="center" tabular testID="hrv-left">
            {format.clock(Math.ceil(state.leftS))}
          </Text>
          <ProgressBar value={1 - state.leftS / DURATION_S} label={t('hrvCheck.left')} />
          <StatGrid>
            <Stat label={t('workout.bpm')} value={format.number(state.bpm)} />
            <Stat label={t('hrvCheck.beats')} value={format.number(state.beats)} />
          </StatGrid>
        </>
      ) : null}
      {strap === 'connected' ? null : <StrapCard state={strap} onConnect={connect} />}
      <Box align="center">
        <Button label={t('hrvCheck.cancel')} variant="secondary" onPress={stop} />
      </Box>
    </Card>
  );
}

function Result({ result, onAgain }: { result: HrvResult; onAgain: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const percent = (share: number) => `${format.number(share * 100, 1)} %`;
  if (result.kind === 'unmeasured') {
    const share = percent(result.artefactFrac ?? 0);
    return (
      <Card title={t('hrvCheck.unmeasured')}>
        <Banner
          tone="warning"
          title={t(`hrvCheck.reason.${result.reason}`, { share, limit: percent(limits.max_rejected_frac) })}
        />
        <Row gap="s">
          <Button label={t('hrvCheck.again')} onPress={onAgain} />
        </Row>
      </Card>
    );
  }
  return (
    <Card title={t('hrvCheck.result')}>
      <StatGrid>
        <Stat label={t('hrvCheck.rmssd')} value={format.number(result.rmssdMs)} unit={t('unit.ms')} />
        <Stat label={t('hrvCheck.ln')} value={format.number(result.lnRmssd, 2)} />
        <Stat label={t('hrvCheck.hr')} value={format.number(result.hrBpm)} unit={t('unit.bpm')} />
        <Stat label={t('hrvCheck.beats')} value={format.number(result.beats)} />
        <Stat label={t('hrvCheck.artefacts')} value={percent(result.artefactFrac)} />
      </StatGrid>
      <Keep rmssdMs={result.rmssdMs} onAgain={onAgain} />
    </Card>
  );
}

function Keep({ rmssdMs, onAgain }: { rmssdMs: number; onAgain: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const errorText = useErrorText();
  const toast = useToast();
  const save = useMutation({
    mutationKey: writeKeys.wellnessDay,
    mutationFn: sendWellnessDay,
    onMutate: () => {
      if (!onlineManager.isOnline()) toast(t('offline.writeKept'));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keys.wellness }),
  });
  const value = Math.round(rmssdMs * 10) / 10;
  return (
    <>
      {save.error ? <Banner tone="danger" urgent title={errorText(save.error).message} /> : null}
      {save.isSuccess ? <Badge label={t('hrvCheck.saved')} tone="success" /> : null}
      <Row gap="s" wrap>
        {save.isSuccess ? (
          <Button href="/body" label={t('hrvCheck.toBody')} />
        ) : (
          <Button
            label={t('hrvCheck.save')}
            busy={save.isPending && !save.isPaused}
            disabled={save.isPaused}
            onPress={() =>
              save.mutate({
                key: newKey(),
                day: format.today(),
                values: { hrv_rmssd_ms: value },
                source: 'strap',
              })
            }
          />
        )}
        <Button label={t('hrvCheck.again')} variant="secondary" onPress={onAgain} />
      </Row>
    </>
  );
}
