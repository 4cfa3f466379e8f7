import { useTranslation } from 'react-i18next';

import { Badge, Box, Row, Stat, StatGrid, Text } from '@/design';
import { useFormat } from '@/i18n/useFormat';

import type { CoachedAthlete } from './coachingQueries';

const SHORT = { day: 'numeric', month: 'short' } as const;

/** Form, last session, how the plan is kept, and what speaks for caution; a dash is what is not shared or not known. */
export function AthleteStatus({ status }: { status: CoachedAthlete['status'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { form, last_session: last, planned_sessions: planned, done_sessions: done, warnings } = status;
  const missing = t('coaching.status.missing');
  return (
    <Box gap="s">
      <StatGrid>
        <Stat
          label={t('coaching.status.form')}
          value={form === null ? null : format.signed(form)}
          note={form === null ? undefined : t('fitness.thisMorning')}
          missingLabel={missing}
        />
        <Stat
          label={t('coaching.status.last')}
          value={last === null ? null : format.day(last.day, SHORT)}
          missingLabel={missing}
        />
        <Stat
          label={t('coaching.status.kept')}
          value={
            planned === null || done === null || planned === 0
              ? null
              : t('coaching.status.keptOf', { done, planned })
          }
          missingLabel={planned === 0 ? t('coaching.status.noneDue') : missing}
          note={planned === 0 ? t('coaching.status.noneDue') : undefined}
        />
      </StatGrid>
      {warnings !== null && warnings.length > 0 ? (
        <Row gap="s" wrap>
          <Badge
            tone="warning"
            icon="alert"
            label={t('coaching.status.warnings', { count: warnings.length })}
          />
          <Text variant="caption" shrink>
            {warnings[0]}
          </Text>
        </Row>
      ) : null}
      {status.open_proposals ? (
        <Badge tone="info" label={t('coaching.status.proposals', { count: status.open_proposals })} />
      ) : null}
    </Box>
  );
}
