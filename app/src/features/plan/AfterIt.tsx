import { useTranslation } from 'react-i18next';

import type { PlannedSession } from '@/api/types';
import { Badge, Box, Row } from '@/design';

import { DoneSteps } from './DoneSteps';
import { FeedbackRow } from './FeedbackRow';
import type { SessionAdherence } from './planQueries';

/** How a session went, step by step, and how it felt. */
export function AfterIt({
  planId,
  session,
  found,
}: {
  planId: string;
  session: Pick<PlannedSession, 'id'>;
  found: SessionAdherence | undefined;
}) {
  const { t } = useTranslation();
  if (found === undefined) return null;
  if (found.status === 'missed')
    return (
      <Row>
        <Badge label={t('adherence.notDone')} />
      </Row>
    );
  return (
    <Box gap="m">
      {found.status === 'done' ? <DoneSteps session={found} /> : null}
      <FeedbackRow planId={planId} sessionId={session.id} given={found.feedback} />
    </Box>
  );
}
