import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Badge, Box, Button, Row, Text } from '@/design';
import { type Format, useFormat } from '@/i18n/useFormat';

import type { SessionAdherence } from './planQueries';

type DoneStep = NonNullable<SessionAdherence['steps']>[number];

const TONES = {
  met: 'success',
  below: 'warning',
  above: 'warning',
  short: 'neutral',
  missed: 'neutral',
  unmeasured: 'neutral',
} as const;

/** What became of a step in words; one off its target is slower, faster, easier or harder. */
export function stepWord({ verdict, target }: Pick<DoneStep, 'verdict' | 'target'>) {
  if (verdict === 'below') return target === 'speed_m_s' ? 'slower' : 'easier';
  if (verdict === 'above') return target === 'speed_m_s' ? 'faster' : 'harder';
  return verdict;
}

const SHOWN_STEPS = 6;
const S_PER_MIN = 60;
/** Narrower than this, the words of a step have their badge below them. */
const STEP_WIDTH = 160;

/** What became of each step, as far as it was recorded. */
export function DoneSteps({ session, sport }: { session: SessionAdherence; sport?: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [all, setAll] = useState(false);
  const steps = session.steps ?? [];
  const isLong = steps.length > SHOWN_STEPS;
  const planned_s = steps.reduce((sum, step) => sum + step.planned_s, 0);
  const judged = steps.filter((step) => step.verdict !== 'unmeasured');
  const met = judged.filter((step) => step.verdict === 'met').length;
  const unmet = judged.filter((step) => step.verdict !== 'met').map(stepWord);
  const differences = [...new Set(unmet)].map((word) => {
    const times = unmet.filter((one) => one === word).length;
    return `${format.number(times)} × ${t(`adherence.${word}`)}`;
  });
  return (
    <Box gap="xs">
      <Row justify="space-between" gap="s">
        <Box flex={1} minWidth={0}>
          {typeof session.done_minutes === 'number' && planned_s > 0 ? (
            <Text variant="label">
              {t('adherence.minutes', {
                done: format.number(session.done_minutes),
                planned: format.number(planned_s / S_PER_MIN),
              })}
            </Text>
          ) : null}
          <Text variant="caption" tone="textSecondary">
            {judged.length === 0
              ? t('adherence.unjudged')
              : t('adherence.stepsMet', { met: format.number(met), count: judged.length })}
          </Text>
          {differences.length === 0 ? null : (
            <Text variant="caption" tone="textSecondary">
              {differences.join(', ')}
            </Text>
          )}
        </Box>
        {isLong ? (
          <Button
            label={t(all ? 'adherence.fewer' : 'adherence.all', { count: steps.length })}
            variant="quiet"
            small
            flush="end"
            onPress={() => setAll(!all)}
          />
        ) : null}
      </Row>
      {isLong && !all ? null : (
        <Box gap="xs" role="list" aria-label={t('adherence.steps')}>
          {steps.map((step) => (
            <StepRow key={step.index} step={step} sport={sport} />
          ))}
        </Box>
      )}
    </Box>
  );
}

function StepRow({ step, sport }: { step: DoneStep; sport: string | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const missed =
    step.verdict === 'below' || step.verdict === 'above' ? againstTarget(step, sport, format) : null;
  return (
    <Row gap="s" justify="space-between" wrap role="listitem">
      <Box flex={1} minWidth={STEP_WIDTH}>
        <Text variant="caption">{`${format.clock(step.planned_s)} ${step.text}`}</Text>
        {missed === null ? null : (
          <Text variant="caption" tone="textSecondary">
            {t('adherence.against', missed)}
          </Text>
        )}
      </Box>
      <Badge label={t(`adherence.${stepWord(step)}`)} tone={TONES[step.verdict]} />
    </Row>
  );
}

/** The mean of a step and its target in words; null where one of them or the unit is not known. */
function againstTarget(
  { target, actual, low, high }: DoneStep,
  sport: string | undefined,
  format: Format,
): { actual: string; target: string } | null {
  if (actual === null || low === null || high === null) return null;
  const shown = (value: number) => {
    if (target === 'power_w') return format.plain(value, 'w');
    if (target === 'hr_bpm') return format.plain(value, 'bpm');
    return target === 'speed_m_s' && sport !== undefined ? format.speed(value, sport) : null;
  };
  const [was, from, to] = [actual, low, high].map(shown);
  if (!was || !from || !to) return null;
  return { actual: was.text, target: from.text === to.text ? to.text : `${from.value}–${to.text}` };
}
