import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { Badge, Box, Button, Card, Row, Text } from '@/design';
import { ReasonDialog } from '@/features/shell/ReasonDialog';
import { useFormat } from '@/i18n/useFormat';

import { Content } from './Content';
import type { Answer, Appeal } from './moderationQueries';
import { useDecision } from './useDecision';

/** An appeal: what was taken away and why, what its owner says, and the answer with its reason. */
export function AppealCard({ appeal }: { appeal: Appeal }) {
  const { t } = useTranslation();
  const format = useFormat();
  const title = t(`moderation.kind.${appeal.kind}`, { name: appeal.author.name });
  const decided = format.instant(appeal.decided_at);
  return (
    <Card title={title} caption={`@${appeal.author.handle}`} level={3} testID="appeal">
      <Content label={t('moderation.takenAway')} text={appeal.text} snapshot={appeal.snapshot} />
      <Said
        label={t('moderation.takenWhy')}
        text={appeal.note}
        caption={
          appeal.is_by_maker
            ? t('moderation.byMaker', { instant: decided })
            : t('moderation.decidedOn', { instant: decided })
        }
      />
      <Said
        label={t('moderation.appeal')}
        text={appeal.appeal}
        caption={t('moderation.appealedOn', { instant: format.instant(appeal.appealed_at) })}
      />
      {appeal.answer === null ? (
        <Decide appeal={appeal} title={title} />
      ) : (
        <>
          <Badge
            tone={appeal.answer === 'restored' ? 'success' : 'danger'}
            label={t(`moderation.answer.${appeal.answer}`)}
          />
          <Said
            label={t('moderation.why')}
            text={appeal.answer_note ?? ''}
            caption={
              appeal.answered_at
                ? t('moderation.answeredOn', { instant: format.instant(appeal.answered_at) })
                : ''
            }
          />
        </>
      )}
    </Card>
  );
}

function Said({ label, text, caption }: { label: string; text: string; caption: string }) {
  return (
    <Box gap="xxs">
      <Text variant="label">{label}</Text>
      <Text anywhere>{text}</Text>
      <Text variant="caption" tone="textSecondary">
        {caption}
      </Text>
    </Box>
  );
}

function Decide({ appeal, title }: { appeal: Appeal; title: string }) {
  const { t } = useTranslation();
  const { asked, choose, dialog } = useDecision<Answer>(({ decision, note }) =>
    answer(
      api().PUT('/api/v1/community/appeals/{removal_id}', {
        params: { path: { removal_id: appeal.id } },
        body: { answer: decision, note },
      }),
    ),
  );
  if (!appeal.may_answer) return <Text tone="textSecondary">{t('moderation.notYou')}</Text>;
  return (
    <>
      <Row gap="s" wrap>
        <Button
          label={t('moderation.restore')}
          accessibilityLabel={t('moderation.restoreOf', { what: title })}
          variant="secondary"
          onPress={() => choose('restored')}
        />
        <Button
          label={t('moderation.uphold')}
          accessibilityLabel={t('moderation.upholdOf', { what: title })}
          variant="secondary"
          onPress={() => choose('upheld')}
        />
      </Row>
      {asked ? (
        <ReasonDialog
          draftName={`appeal.${appeal.id}.${asked}`}
          title={t(`moderation.answerAsk.${asked}`, { what: title })}
          body={t(`moderation.answerText.${asked}`)}
          hint={t('moderation.reasonHint')}
          confirmLabel={t(asked === 'restored' ? 'moderation.restore' : 'moderation.uphold')}
          {...dialog}
        />
      ) : null}
    </>
  );
}
