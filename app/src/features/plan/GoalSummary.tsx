import { useTranslation } from 'react-i18next';

import type { Plan } from '@/api/types';
import { Card, Row, Text } from '@/design';
import { useFormat } from '@/i18n/useFormat';
import { daysBetween } from '@/lib/time';

type Goal = {
  type?: unknown;
  sport?: unknown;
  distance_m?: unknown;
  date?: unknown;
  weeks?: unknown;
  pct?: unknown;
  exercise?: unknown;
  target?: unknown;
};

/** What the plan is for. */
export function GoalSummary({ plan }: { plan: Plan }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const goal = (plan.request.goal ?? {}) as Goal;
  const sportOf = (value: unknown) => {
    const key = `planSport.${String(value)}`;
    return i18n.exists(key) ? t(key as 'planSport.running') : String(value);
  };
  const words = (): string => {
    switch (goal.type) {
      case 'race':
        return t('plan.goalRace', {
          distance: typeof goal.distance_m === 'number' ? format.raceDistance(goal.distance_m) : '',
          sport: sportOf(goal.sport),
        });
      case 'threshold_gain':
        return t('plan.goalThreshold', { pct: String(goal.pct) });
      case 'strength_max_reps':
        return typeof goal.exercise === 'string' && i18n.exists(`newPlan.exercises.${goal.exercise}`)
          ? t('plan.goalRepsOf', {
              count: Number(goal.target),
              exercise: t(`newPlan.exercises.${goal.exercise as 'push_up'}`),
            })
          : t('plan.goalReps', { count: Number(goal.target) });
      case 'maintain':
        return t('plan.goalMaintain');
      default:
        return t('plan.goalFitness');
    }
  };
  const left = typeof goal.date === 'string' ? daysBetween(format.today(), goal.date) : null;
  return (
    <Card title={t('plan.goal')}>
      <Text variant="bodyStrong">{words()}</Text>
      {typeof goal.date === 'string' ? (
        <Row justify="space-between" wrap gap="s">
          <Text variant="caption" tone="textSecondary">
            {format.day(goal.date, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })}
          </Text>
          {left !== null && left >= 0 ? (
            <Text variant="caption" tone="textSecondary">
              {t('plan.daysLeft', { count: left })}
            </Text>
          ) : null}
        </Row>
      ) : null}
    </Card>
  );
}
