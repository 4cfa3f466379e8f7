import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { Badge, Box, Button, Card, Row, Text } from '@/design';
import { ReasonDialog } from '@/features/shell/ReasonDialog';
import { useFormat } from '@/i18n/useFormat';

import { Content } from './Content';
import type { Decision, Report } from './moderationQueries';
import { useDecision } from './useDecision';

/** One report: why, what it is about as others see it, and the decision with its reason. */
export function ReportCard({ report }: { report: Report }) {
  const { t } = useTranslation();
  const format = useFormat();
  const title = t(`moderation.kind.${report.kind}`, { name: report.author.name });
  return (
    <Card title={title} caption={`@${report.author.handle}`} testID="report">
      <Row gap="s" wrap>
        <Badge tone="warning" icon="alert" label={t(`community.reasons.${report.reason}`)} />
        {report.decision === null ? null : (
          <Badge
            tone={report.decision === 'removed' ? 'danger' : 'success'}
            label={t(`moderation.decision.${report.decision}`)}
          />
        )}
        <Text variant="caption" tone="textSecondary">
          {t('moderation.reportedOn', { instant: format.instant(report.created_at) })}
        </Text>
      </Row>
      {report.note === '' ? null : (
        <Box gap="xxs">
          <Text variant="label">{t('moderation.note')}</Text>
          <Text>{report.note}</Text>
        </Box>
      )}
      {report.kind === 'person' ? (
        <Text tone="textSecondary">{t('moderation.personText')}</Text>
      ) : (
        <Box gap="xs">
          <Content label={t('moderation.content')} text={report.text} snapshot={report.snapshot} />
          {report.said_at === null ? null : (
            <Text variant="caption" tone="textSecondary">
              {t('moderation.saidOn', { instant: format.instant(report.said_at) })}
            </Text>
          )}
          {report.is_deleted ? <Text tone="textSecondary">{t('moderation.deleted')}</Text> : null}
        </Box>
      )}
      {report.decision === null ? <Decide report={report} title={title} /> : <Decided report={report} />}
    </Card>
  );
}

function Decided({ report }: { report: Report }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Box gap="xxs">
      <Text variant="label">{t('moderation.why')}</Text>
      <Text>{report.decision_note ?? ''}</Text>
      {report.decided_at ? (
        <Text variant="caption" tone="textSecondary">
          {t('moderation.decidedOn', { instant: format.instant(report.decided_at) })}
        </Text>
      ) : null}
    </Box>
  );
}

function Decide({ report, title }: { report: Report; title: string }) {
  const { t } = useTranslation();
  const { asked, choose, dialog } = useDecision<Decision>((body) =>
    answer(
      api().PUT('/api/v1/community/reports/{report_id}', {
        params: { path: { report_id: report.id } },
        body,
      }),
    ),
  );
  return (
    <>
      <Row gap="s" wrap>
        <Button
          label={t('moderation.keep')}
          accessibilityLabel={t('moderation.keepOf', { what: title })}
          variant="secondary"
          onPress={() => choose('kept')}
        />
        {report.kind === 'person' ? null : (
          <Button
            label={t('moderation.remove')}
            accessibilityLabel={t('moderation.removeOf', { what: title })}
            variant="danger"
            onPress={() => choose('removed')}
          />
        )}
      </Row>
      {asked ? (
        <ReasonDialog
          draftName={`report.${report.id}.${asked}`}
          title={t(`moderation.ask.${asked}`, { what: title })}
          body={t(`moderation.askText.${asked}`)}
          hint={t('moderation.reasonHint')}
          confirmLabel={t(asked === 'kept' ? 'moderation.keep' : 'moderation.remove')}
          danger={asked === 'removed'}
          {...dialog}
        />
      ) : null}
    </>
  );
}
