import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { PlannedSession } from '@/api/types';
import { Box, Button, Icon, Row, Text, useLayout, useTheme } from '@/design';
import { BarStrip } from '@/design/charts';
import { size } from '@/design/tokens';
import { sportIcon } from '@/features/activities/words';
import { useFormat } from '@/i18n/useFormat';

import { useSpokenDays } from './spokenDays';
import { barsOf, type Step, stepsOf } from './steps';

const TOP_PCT = 130;
const THRESHOLD_PCT = 100;
const TIME_WIDTH = 48;

/** One planned session: its shape, what to do, and why. */
export function SessionCard({
  session,
  open: startsOpen,
  folds,
  mark,
  children,
}: {
  session: PlannedSession;
  open?: boolean;
  /** On a phone only its name is shown until it is tapped. */
  folds?: boolean;
  /** What became of it, for as long as the rest is folded. */
  mark?: ReactNode;
  children?: ReactNode;
}) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const spokenDays = useSpokenDays();
  const sportKey = `sport.${session.sport}`;
  const { title } = session;
  const why = session.why ? spokenDays(session.why) : null;
  const [open, setOpen] = useState(startsOpen ?? false);
  const { layout } = useLayout();
  const [unfolded, setUnfolded] = useState(false);
  const isFolded = folds === true && layout === 'phone' && !unfolded;
  const isRace = session.kind === 'race';
  const distance_m = typeof session.distance_m === 'number' ? session.distance_m : null;
  const steps = stepsOf(session.steps);
  return (
    <Box background="surface" border radius="l" padding="m" gap="s" testID="session">
      <Row gap="m" align="flex-start">
        <Box background="accentSoft" radius="m" padding="s">
          <Icon name={sportIcon(session.sport)} tone="accentText" />
        </Box>
        <Box flex={1} minWidth={0}>
          <Text variant="bodyStrong" level={3}>
            {title}
          </Text>
          <Text variant="caption" tone="textSecondary">
            {[
              i18n.exists(sportKey) ? t(sportKey as 'sport.running') : null,
              isRace && distance_m !== null
                ? format.raceDistance(distance_m)
                : t('duration.min', { value: format.number(session.minutes) }),
              typeof session.load === 'number'
                ? t('plan.load', { value: format.number(session.load) })
                : null,
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
          {isFolded ? mark : null}
        </Box>
        {folds && layout === 'phone' ? (
          <Button
            label={t(isFolded ? 'plan.unfold' : 'plan.fold', { title: title })}
            icon={isFolded ? 'chevronDown' : 'chevronUp'}
            iconOnly
            variant="quiet"
            small
            onPress={() => setUnfolded(isFolded)}
          />
        ) : null}
      </Row>
      {isFolded ? null : (
        <>
          {steps.length > 0 && !isRace ? (
            <BarStrip
              bars={barsOf(steps)}
              height={size.workout}
              max={TOP_PCT}
              reference={THRESHOLD_PCT}
              label={t('plan.shape', { title: title })}
            />
          ) : null}
          {why ? (
            <Text variant="caption" tone="textSecondary">
              {why}
            </Text>
          ) : null}
          {steps.length > 0 && !isRace ? (
            <Button
              label={t(open ? 'plan.hideSteps' : 'plan.showSteps')}
              accessibilityLabel={t(open ? 'plan.hideStepsOf' : 'plan.showStepsOf', { title: title })}
              variant="quiet"
              small
              flush="start"
              onPress={() => setOpen(!open)}
            />
          ) : null}
          {open ? <StepList steps={steps} sport={session.sport} /> : null}
          {children}
        </>
      )}
    </Box>
  );
}

function StepList({ steps, sport }: { steps: readonly Step[]; sport: string }) {
  return (
    <Box gap="xs" role="list">
      {steps.map((step, index) => (
        <Box key={index} role="listitem">
          <StepRow step={step} sport={sport} />
        </Box>
      ))}
    </Box>
  );
}

function useTarget(step: Step, sport: string): string | null {
  const { t } = useTranslation();
  const format = useFormat();
  if (step.reps !== null) return t('plan.reps', { count: step.reps });
  if (step.power) return `${format.number(step.power[0])}–${format.plain(step.power[1], 'w')?.text ?? ''}`;
  if (step.speed_m_s) {
    const [slow, fast] = step.speed_m_s.map((value) => format.speed(value, sport));
    if (slow && fast) return slow.value === fast.value ? slow.text : `${fast.value}–${slow.text}`;
  }
  if (step.hr_bpm)
    return `${format.number(step.hr_bpm[0])}–${format.plain(step.hr_bpm[1], 'bpm')?.text ?? ''}`;
  if (step.pace && format.system === 'metric' && sport !== 'cycling') return step.pace;
  if (step.low_pct !== null && step.high_pct !== null && step.high_pct > 0) {
    return t('plan.ofThreshold', { low: format.number(step.low_pct), high: format.number(step.high_pct) });
  }
  if (step.rpe)
    return t('plan.effort', { low: format.number(step.rpe[0]), high: format.number(step.rpe[1]) });
  return null;
}

function StepRow({ step, sport }: { step: Step; sport: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { layout } = useLayout();
  const { textScale } = useTheme();
  const stacked = layout === 'phone';
  const target = useTarget(step, sport);
  if (step.steps.length > 0) {
    return (
      <Box background="surfaceSunken" radius="m" padding="s" gap="xs">
        <Text variant="label" strong>
          {t('plan.repeat', { count: step.count })}
        </Text>
        <StepList steps={step.steps} sport={sport} />
      </Box>
    );
  }
  return (
    <Row gap="m" align="flex-start" paddingX="xs">
      <Box width={TIME_WIDTH * textScale}>
        <Text variant="label">{format.clock(step.duration_s)}</Text>
      </Box>
      <Box flex={1} minWidth={0}>
        {stacked && target ? <Text variant="label">{target}</Text> : null}
        <Text variant="caption" tone={stacked && target ? 'textSecondary' : undefined}>
          {step.text}
        </Text>
      </Box>
      {target && !stacked ? (
        <Text variant="caption" tone="textSecondary" align="end">
          {target}
        </Text>
      ) : null}
    </Row>
  );
}
