import { useTranslation } from 'react-i18next';

import type { SessionMark } from '@/api/types';
import { Badge, Banner, Box, Button, Row, ScaleChoice, Text } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import type { SessionAdherence } from './planQueries';
import { useMark } from './useMark';

const REASONS = ['no_time', 'tired', 'weather', 'other'] as const satisfies readonly SessionMark['reason'][];

/** What became of a session that nothing was recorded of, in one tap; a second says why it was skipped. */
export function MarkRow({ planId, session }: { planId: string; session: SessionAdherence }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { error, say } = useMark(planId, session.session_id);
  const { title } = session;
  const said = session.mark?.mark ?? null;
  return (
    <Box gap="s" testID="mark">
      {error ? <Banner tone="danger" urgent title={errorText(error).message} /> : null}
      {said === null ? (
        <>
          {session.status === 'missed' ? <Badge label={t('adherence.notDone')} /> : null}
          <Row gap="s" wrap>
            <Button
              label={t('mark.did')}
              accessibilityLabel={t('mark.didOf', { title })}
              icon="check"
              variant="secondary"
              onPress={() => say({ mark: 'done' })}
            />
            <Button
              label={t('mark.skip')}
              accessibilityLabel={t('mark.skipOf', { title })}
              variant="quiet"
              onPress={() => say({ mark: 'skipped' })}
            />
          </Row>
        </>
      ) : (
        <>
          <Row gap="s" justify="space-between">
            <Badge
              label={t(said === 'done' ? 'adherence.done' : 'adherence.skipped')}
              tone={said === 'done' ? 'success' : 'neutral'}
            />
            <Button
              label={t('mark.undo')}
              accessibilityLabel={t('mark.undoOf', { title })}
              variant="quiet"
              flush="end"
              onPress={() => say({ mark: null })}
            />
          </Row>
          {said === 'done' ? (
            <Text variant="caption" tone="textSecondary">
              {t('mark.byHand')}
            </Text>
          ) : (
            <ScaleChoice
              label={t('mark.why')}
              value={session.mark?.reason ?? null}
              onChange={(reason) => say({ mark: 'skipped', reason })}
              options={REASONS.map((value) => ({ value, label: t(`mark.reason.${value}`) }))}
              minWidth={96}
            />
          )}
        </>
      )}
    </Box>
  );
}
