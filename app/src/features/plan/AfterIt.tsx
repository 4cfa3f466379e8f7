import { useTranslation } from 'react-i18next';

import type { PlannedSession } from '@/api/types';
import { Box, Text } from '@/design';

import { DoneSteps } from './DoneSteps';
import { FeedbackRow } from './FeedbackRow';
import { MarkRow } from './MarkRow';
import type { SessionAdherence } from './planQueries';

/** What became of a session: step by step where it was recorded, otherwise in the athlete's word; and how it felt. */
export function AfterIt({
  planId,
  session,
  found,
}: {
  planId: string;
  session: Pick<PlannedSession, 'id'> & { sport?: string };
  found: SessionAdherence | undefined;
}) {
  const { t } = useTranslation();
  if (found === undefined) return null;
  const isRecorded = Boolean(found.activity_id);
  return (
    <Box gap="m">
      {isRecorded ? (
        <DoneSteps session={found} sport={session.sport} />
      ) : (
        <MarkRow planId={planId} session={found} />
      )}
      {isRecorded && found.mark ? (
        <Text variant="caption" tone="textSecondary">
          {t(found.mark.mark === 'skipped' ? 'mark.cameAfterSkipped' : 'mark.cameAfterDone')}
        </Text>
      ) : null}
      {found.status === 'done' ? (
        <FeedbackRow planId={planId} sessionId={session.id} given={found.feedback} />
      ) : null}
    </Box>
  );
}
