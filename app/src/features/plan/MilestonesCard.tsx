import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import type { Plan } from '@/api/types';
import { Box, Button, Card, Row, Text } from '@/design';
import { useFormat } from '@/i18n/useFormat';

import { type Milestone, milestonesQuery } from './planQueries';

const SHORT = { day: 'numeric', month: 'short' } as const;

/** What of the plan is done, for who wants to share it. */
export function MilestonesCard({ plan }: { plan: Plan }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const milestones = useQuery(milestonesQuery(plan.id)).data?.items ?? [];
  if (milestones.length === 0) return null;
  const what = ({ kind, phase, distance_m }: Milestone) => {
    if (kind === 'plan') return t('milestone.plan');
    if (kind === 'race')
      return distance_m === null
        ? t('milestone.raceOnly')
        : t('milestone.race', { distance: format.raceDistance(distance_m) });
    const known = `plan.phase.${phase ?? ''}`;
    return t('milestone.phase', {
      phase: i18n.exists(known) ? t(known as 'plan.phase.base') : (phase ?? ''),
    });
  };
  const when = ({ first_day, last_day }: Milestone) =>
    first_day === last_day
      ? format.day(last_day, SHORT)
      : `${format.day(first_day, SHORT)} – ${format.day(last_day, SHORT)}`;
  return (
    <Card title={t('milestone.title')} caption={t('milestone.caption')} testID="milestones" folds>
      <Box gap="s" role="list" aria-label={t('milestone.title')}>
        {milestones.map((one) => (
          <Row key={`${one.kind} ${one.first_day}`} gap="s" justify="space-between" role="listitem">
            <Box flex={1} minWidth={0}>
              <Text variant="label">{what(one)}</Text>
              <Text variant="caption" tone="textSecondary">
                {when(one)}
              </Text>
            </Box>
            <Button
              small
              variant="quiet"
              href={`/community/share?plan=${plan.id}&milestone=${one.kind}&first_day=${one.first_day}`}
              label={t('milestone.share')}
              accessibilityLabel={t('milestone.shareOne', { what: what(one), when: when(one) })}
            />
          </Row>
        ))}
      </Box>
    </Card>
  );
}
