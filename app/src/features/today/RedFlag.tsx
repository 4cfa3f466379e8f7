import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { Readiness, RedFlag } from '@/api/types';
import { Banner, Box, Button, Card, Checkbox, Dialog, Row, Text } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

export const SYMPTOMS: readonly RedFlag[] = [
  'chest_pain',
  'fainting',
  'palpitations_with_dizziness',
  'breathless_at_rest',
  'one_sided_calf_swelling',
  'confusion_or_heat_illness',
  'dark_urine',
  'numbness_or_weakness',
  'fever',
];

function useRefresh() {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: keys.readiness });
    void client.invalidateQueries({ queryKey: keys.plan });
  };
}

/** All sessions are stopped: what was reported, what to do now, and the way back. */
export function RedFlagBanner({ flag }: { flag: NonNullable<Readiness['red_flag']> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const refresh = useRefresh();
  const [asking, setAsking] = useState(false);
  const [word, setWord] = useState(false);
  const clear = useMutation({
    mutationFn: () =>
      answer(api().POST('/api/v1/readiness/red-flag/clear', { body: { was_looked_at: word } })),
    onSuccess: () => {
      setAsking(false);
      refresh();
    },
  });
  return (
    <>
      <Banner
        tone="danger"
        title={t('redFlag.title')}
        urgent
        action={
          <Row>
            <Button label={t('redFlag.clear')} small variant="secondary" onPress={() => setAsking(true)} />
          </Row>
        }
      >
        <Text>{t('redFlag.advice')}</Text>
        <Text variant="caption">
          {t('redFlag.reported', {
            day: format.instant(flag.reported_at),
            symptoms: flag.symptoms.map((symptom) => t(`redFlag.symptom.${symptom}`)).join(', '),
          })}
        </Text>
      </Banner>
      <Dialog title={t('redFlag.clearTitle')} open={asking} onClose={() => setAsking(false)}>
        <Box gap="l">
          {clear.error ? <Banner tone="danger" urgent title={errorText(clear.error).message} /> : null}
          <Text>{t('redFlag.clearBody')}</Text>
          <Checkbox label={t('redFlag.word')} checked={word} onChange={setWord} />
          <Row gap="s" justify="flex-end">
            <Button label={t('action.cancel')} variant="quiet" onPress={() => setAsking(false)} />
            <Button
              label={t('redFlag.confirmClear')}
              disabled={!word}
              busy={clear.isPending}
              onPress={() => clear.mutate()}
            />
          </Row>
        </Box>
      </Dialog>
    </>
  );
}

/** Asks for symptoms that must be looked at before any training. */
export function ReportSymptoms() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const refresh = useRefresh();
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<readonly RedFlag[]>([]);
  const report = useMutation({
    mutationFn: () => answer(api().POST('/api/v1/readiness/red-flag', { body: { symptoms: [...chosen] } })),
    onSuccess: () => {
      setOpen(false);
      setChosen([]);
      refresh();
    },
  });
  return (
    <>
      <Row>
        <Button
          label={t('redFlag.report')}
          icon="alert"
          variant="quiet"
          small
          flush="start"
          onPress={() => setOpen(true)}
        />
      </Row>
      <Dialog title={t('redFlag.reportTitle')} open={open} onClose={() => setOpen(false)}>
        <Box gap="l">
          {report.error ? <Banner tone="danger" urgent title={errorText(report.error).message} /> : null}
          <Text>{t('redFlag.reportBody')}</Text>
          <Box role="group" aria-label={t('redFlag.reportTitle')}>
            {SYMPTOMS.map((symptom) => (
              <Checkbox
                key={symptom}
                label={t(`redFlag.symptom.${symptom}`)}
                checked={chosen.includes(symptom)}
                onChange={(checked) =>
                  setChosen(checked ? [...chosen, symptom] : chosen.filter((one) => one !== symptom))
                }
              />
            ))}
          </Box>
          <Row gap="s" justify="flex-end">
            <Button label={t('action.cancel')} variant="quiet" onPress={() => setOpen(false)} />
            <Button
              label={t('redFlag.stop')}
              variant="danger"
              disabled={chosen.length === 0}
              busy={report.isPending}
              onPress={() => report.mutate()}
            />
          </Row>
        </Box>
      </Dialog>
    </>
  );
}

/** In place of sessions while they are stopped. */
export function SessionsStopped({ title }: { title?: string }) {
  const { t } = useTranslation();
  return (
    <Card title={title ?? t('redFlag.stoppedTitle')}>
      <Text tone="textSecondary">{t('redFlag.stoppedBody')}</Text>
    </Card>
  );
}
