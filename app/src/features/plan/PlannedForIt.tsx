import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { planQuery } from '@/api/queries';
import { Button, Card, Text } from '@/design';

import { AfterIt } from './AfterIt';
import { adherenceQuery } from './planQueries';

/** What the plan had asked for where an activity fulfilled it: step by step, and how it felt. */
export function PlannedForIt({ activityId, day, sport }: { activityId: string; day: string; sport: string }) {
  const { t } = useTranslation();
  const plan = useQuery(planQuery());
  const days = plan.data?.document.days ?? [];
  const isPlanned = days.some((item) => item.date === day);
  const planId = plan.data?.id ?? '';
  const done = useQuery({ ...adherenceQuery(planId, day, day), enabled: isPlanned });
  const found = done.data?.sessions.find((item) => item.activity_id === activityId);
  if (found === undefined) return null;
  return (
    <Card title={t('adherence.planned')} testID="planned-for-it">
      <Text variant="bodyStrong">{found.title}</Text>
      <AfterIt planId={planId} session={{ id: found.session_id, sport }} found={found} />
      <Button href="/plan" label={t('today.wholePlan')} variant="quiet" small flush="start" />
    </Card>
  );
}
