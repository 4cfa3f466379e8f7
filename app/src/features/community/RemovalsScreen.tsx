import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { Badge, Banner, Box, Button, Card, EmptyState, Row, Screen, Text, TextField } from '@/design';
import { useDraft } from '@/features/shell/drafts';
import { MoreButton } from '@/features/shell/MoreButton';
import { QueryState } from '@/features/shell/QueryState';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import { eachOnce, useCommunityChange } from './communityQueries';
import { type Removal, removalsQuery } from './removalQueries';

/** What was taken away from one, why, and the one appeal against each. */
export function RemovalsScreen() {
  const { t } = useTranslation();
  const list = useInfiniteQuery(removalsQuery());
  return (
    <Screen
      title={t('community.removals.title')}
      subtitle={t('community.removals.subtitle')}
      width="reading"
      back={{ href: '/community', label: t('community.title') }}
    >
      <QueryState query={list} skeleton={{ count: 2, height: 160 }}>
        {(held) => {
          const items = eachOnce(held.pages);
          if (items.length === 0)
            return (
              <EmptyState icon="people" title={t('community.removals.none')}>
                {t('community.removals.noneBody')}
              </EmptyState>
            );
          return (
            <>
              {items.map((removal) => (
                <RemovalCard key={removal.id} removal={removal} />
              ))}
              <MoreButton list={list} />
            </>
          );
        }}
      </QueryState>
    </Screen>
  );
}

function RemovalCard({ removal }: { removal: Removal }) {
  const { t } = useTranslation();
  const format = useFormat();
  const by = t(removal.is_by_maker ? 'community.removals.byMaker' : 'community.removals.byModerator');
  return (
    <Card
      title={t(`community.removals.kind.${removal.kind}`)}
      caption={[format.instant(removal.decided_at), by].join(' · ')}
    >
      {removal.text === '' ? null : (
        <Box padding="s" radius="m" background="surfaceSunken">
          <Text anywhere>{removal.text}</Text>
        </Box>
      )}
      {removal.note === '' ? null : <Text>{t('community.removals.why', { note: removal.note })}</Text>}
      {removal.appeal ? (
        <Text tone="textSecondary">{t('community.removals.yourWords', { words: removal.appeal })}</Text>
      ) : (
        <AppealForm removal={removal} />
      )}
      {removal.answer ? (
        <>
          <Row>
            <Badge
              tone={removal.answer === 'restored' ? 'success' : 'neutral'}
              label={t(`community.removals.answer.${removal.answer}`)}
            />
          </Row>
          <Text>{t('community.removals.answered', { note: removal.answer_note ?? '' })}</Text>
        </>
      ) : removal.appeal ? (
        <Row>
          <Badge label={t('community.removals.waiting')} />
        </Row>
      ) : null}
    </Card>
  );
}

function AppealForm({ removal }: { removal: Removal }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const draft = useDraft(`appeal.${removal.id}`, { reason: '' });
  const { reason } = draft.values;
  const appeal = useCommunityChange(async (said: string) => {
    await answer(
      api().PUT('/api/v1/community/removals/{removal_id}/appeal', {
        params: { path: { removal_id: removal.id } },
        body: { reason: said },
      }),
    );
    draft.handOver();
  });
  return (
    <Box gap="s">
      {appeal.error ? <Banner tone="danger" urgent title={errorText(appeal.error).message} /> : null}
      <UnsavedLine draft={draft} />
      <TextField
        label={t('community.removals.reason')}
        value={reason}
        onChangeText={(next) => draft.change({ reason: next })}
        multiline
        maxLength={1000}
      />
      <Text variant="caption" tone="textSecondary">
        {t('community.removals.once')}
      </Text>
      <Row>
        <Button
          label={t('community.removals.appeal')}
          busy={appeal.isPending}
          disabled={reason.trim() === ''}
          onPress={() => appeal.mutate(reason.trim())}
        />
      </Row>
    </Box>
  );
}
