import { useTranslation } from 'react-i18next';

import type { Plan } from '@/api/types';
import { Box, Button, Dialog, Row, Text } from '@/design';
import { useFormat } from '@/i18n/useFormat';

import type { Order, Question, Remark } from './move';
import { useRuleText } from './ruleText';

const LONG = { weekday: 'long', day: 'numeric', month: 'long' } as const;

/** What has to be said or decided before a session moves. */
export function MoveDialog({
  plan,
  asked,
  busy,
  onAgree,
  onChoose,
  onLeave,
}: {
  plan: Plan;
  asked: { order: Order; question: Question } | null;
  busy: boolean;
  onAgree: () => void;
  onChoose: (swapWith: string | null) => void;
  onLeave: () => void;
}) {
  const { t } = useTranslation();
  if (asked === null) return null;
  const { order, question } = asked;
  return (
    <Dialog title={t(`planMove.title.${question.kind}`)} open onClose={onLeave}>
      <Box gap="l" testID="move-question">
        {question.kind === 'occupied' ? (
          <Occupied plan={plan} order={order} question={question} busy={busy} onChoose={onChoose} />
        ) : (
          <Words question={question} />
        )}
        <Row gap="s" justify="flex-end" wrap>
          <Button
            label={t(question.kind === 'refused' ? 'action.close' : 'action.cancel')}
            variant="quiet"
            onPress={onLeave}
          />
          {question.kind === 'time' || question.kind === 'remark' ? (
            <Button
              label={t(question.kind === 'time' ? 'planMove.giveTime' : 'planMove.confirm')}
              busy={busy}
              onPress={onAgree}
            />
          ) : null}
        </Row>
      </Box>
    </Dialog>
  );
}

function Occupied({
  plan,
  order,
  question,
  busy,
  onChoose,
}: {
  plan: Plan;
  order: Order;
  question: Extract<Question, { kind: 'occupied' }>;
  busy: boolean;
  onChoose: (swapWith: string | null) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const own = plan.document.days.flatMap((day) => day.sessions).find((item) => item.id === order.sessionId);
  const title = own?.title ?? '';
  const day = format.day(order.to, LONG);
  return (
    <Box gap="m">
      <Text>
        {t('planMove.occupied', {
          day,
          titles: question.others.map((item) => item.title).join(', '),
        })}
      </Text>
      <Box gap="s">
        {question.others.map((item) => (
          <Button
            key={item.id}
            label={t('planMove.swapWith', { title, other: item.title })}
            busy={busy}
            onPress={() => onChoose(item.id)}
          />
        ))}
        <Button
          label={t('planMove.addTo', { day })}
          variant="secondary"
          busy={busy}
          onPress={() => onChoose(null)}
        />
      </Box>
    </Box>
  );
}

function Words({ question }: { question: Exclude<Question, { kind: 'occupied' }> }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (question.kind === 'time')
    return (
      <Box gap="m">
        {question.days.map((day) => (
          <Text key={day.date}>
            {t(day.offered === 0 ? 'planMove.noTime' : 'planMove.lessTime', {
              day: format.day(day.date, LONG),
              offered: format.number(day.offered),
              needed: format.number(day.needed),
            })}
          </Text>
        ))}
        {question.remarks.map((remark) => (
          <Said key={remark.rule} remark={remark} />
        ))}
        <Text variant="caption" tone="textSecondary">
          {t('planMove.onlyOnce')}
        </Text>
      </Box>
    );
  return question.kind === 'remark' ? (
    <Said remark={question.remark} />
  ) : (
    <Box gap="m">
      <Said remark={{ rule: question.rule, detail: question.detail }} />
      <Text tone="textSecondary">{t('planMove.notNegotiable')}</Text>
    </Box>
  );
}

/** The rule in the language of the app; the checker's own words with their numbers below. */
function Said({ remark }: { remark: Remark }) {
  const { rule, detail } = useRuleText()(remark);
  return (
    <Box gap="xxs">
      {rule === null ? null : <Text>{rule}</Text>}
      <Text variant="caption" tone="textSecondary">
        {detail}
      </Text>
    </Box>
  );
}
