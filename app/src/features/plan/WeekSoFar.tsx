import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import type { Plan } from '@/api/types';
import { Box, ProgressBar, Text } from '@/design';
import { useFormat } from '@/i18n/useFormat';
import { addDays } from '@/lib/time';

import { adherenceQuery } from './planQueries';
import { soFar } from './soFar';
import type { PlanWeek } from './weeks';

/** How much of a week's plan was done until now; nothing of a week that is still to come. */
export function WeekSoFar({ plan, week }: { plan: Plan; week: PlanWeek }) {
  const { t } = useTranslation();
  const today = useFormat().today();
  const report = useQuery({
    ...adherenceQuery(plan.id, week.start, addDays(week.start, 6)),
    enabled: week.start <= today,
  });
  const { sessions, done, steps, met } = soFar(report.data?.sessions ?? []);
  if (sessions === 0) return null;
  const label = t('adherence.sessionsDone', { done, count: sessions });
  return (
    <Box gap="xs" testID="week-so-far">
      <Text variant="label">{label}</Text>
      <ProgressBar label={label} value={done / sessions} />
      {steps > 0 ? (
        <Text variant="caption" tone="textSecondary">
          {t('adherence.stepsMet', { met, count: steps })}
        </Text>
      ) : null}
    </Box>
  );
}
