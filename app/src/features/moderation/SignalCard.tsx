import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { Badge, Box, Button, Card, Row, Text } from '@/design';
import { ReasonDialog } from '@/features/shell/ReasonDialog';
import { useFormat } from '@/i18n/useFormat';

import type { Signal, SignalVerdict } from './moderationQueries';
import { strengthOf, useSignalFacts } from './signalFacts';
import { useDecision } from './useDecision';

/** Something unusual about an effort: what was found beside what it was compared with, and what to do about it. */
export function SignalCard({ signal }: { signal: Signal }) {
  const { t } = useTranslation();
  const format = useFormat();
  const facts = useSignalFacts()(signal);
  const place =
    signal.title === ''
      ? t(`moderation.signal.place.${signal.place}`)
      : t(`moderation.signal.placeNamed.${signal.place}`, { name: signal.title });
  const strength = strengthOf(signal.strength);
  return (
    <Card
      title={t(`moderation.signal.code.${signal.code}`)}
      caption={`${signal.author.name} · @${signal.author.handle}`}
      testID="signal"
    >
      <Row gap="s" wrap>
        <Badge
          tone={strength === 'strong' ? 'warning' : 'neutral'}
          label={t(`moderation.signal.strength.${strength}`)}
        />
        {signal.decision ? (
          <Badge
            tone={signal.decision === 'removed' ? 'danger' : 'success'}
            label={t(`moderation.signal.decision.${signal.decision}`)}
          />
        ) : null}
        <Text variant="caption" tone="textSecondary">
          {t(`moderation.signal.effort.${signal.effort}`, { instant: format.instant(signal.effort_at) })}
        </Text>
      </Row>
      <Box background="surfaceSunken" radius="m" padding="m" gap="s">
        <Text variant="label">{t('moderation.signal.found')}</Text>
        {facts.map((fact) => (
          <Text key={fact}>{fact}</Text>
        ))}
        <Text variant="caption" tone="textSecondary">
          {t(`moderation.signal.why.${signal.code}`)}
        </Text>
      </Box>
      <Row gap="s" wrap>
        <Button
          href={`/community/people/${signal.author.handle}`}
          label={t('moderation.signal.openPerson', { name: signal.author.name })}
          variant="quiet"
          flush="start"
          wraps
          small
        />
        {signal.other ? (
          <Button
            href={`/community/people/${signal.other.handle}`}
            label={t('moderation.signal.openPerson', { name: signal.other.name })}
            variant="quiet"
            flush="start"
            wraps
            small
          />
        ) : null}
        {signal.challenge_id ? (
          <Button
            href={`/community/challenges/${signal.challenge_id}`}
            label={place}
            variant="quiet"
            flush="start"
            wraps
            small
          />
        ) : (
          <Text variant="caption" tone="textSecondary">
            {place}
          </Text>
        )}
      </Row>
      {signal.decision ? (
        <Box gap="xxs">
          <Text variant="label">{t('moderation.why')}</Text>
          <Text anywhere>{signal.decision_note ?? ''}</Text>
        </Box>
      ) : (
        <Decide signal={signal} />
      )}
    </Card>
  );
}

function Decide({ signal }: { signal: Signal }) {
  const { t } = useTranslation();
  const what = signal.author.name;
  const { asked, choose, dialog } = useDecision<SignalVerdict>((body) =>
    answer(
      api().PUT('/api/v1/community/signals/{signal_id}', {
        params: { path: { signal_id: signal.id } },
        body,
      }),
    ),
  );
  if (!signal.may_decide) return <Text tone="textSecondary">{t('moderation.signal.yours')}</Text>;
  return (
    <>
      <Row gap="s" wrap>
        <Button
          label={t('moderation.signal.fine')}
          accessibilityLabel={t('moderation.signal.fineOf', { name: what })}
          variant="secondary"
          onPress={() => choose('fine')}
        />
        <Button
          label={t('moderation.signal.takeOff')}
          accessibilityLabel={t('moderation.signal.takeOffOf', { name: what })}
          variant="danger"
          onPress={() => choose('removed')}
        />
      </Row>
      {asked ? (
        <ReasonDialog
          draftName={`signal.${signal.id}.${asked}`}
          title={t(asked === 'fine' ? 'moderation.signal.fineOf' : 'moderation.signal.takeOffOf', {
            name: what,
          })}
          body={t(`moderation.signal.ask.${asked}`)}
          hint={t('moderation.signal.reasonHint')}
          confirmLabel={t(asked === 'fine' ? 'moderation.signal.fine' : 'moderation.signal.takeOff')}
          danger={asked === 'removed'}
          {...dialog}
        />
      ) : null}
    </>
  );
}
