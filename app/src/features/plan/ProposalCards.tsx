import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { Plan } from '@/api/types';
import { Badge, Banner, Box, Button, Card, Checkbox, Row, Text, useToast } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import { DiffList } from './DiffList';
import { EffectTable } from './EffectTable';
import { historyQuery, type Proposal, proposalsQuery } from './planQueries';
import { useSpokenDays } from './spokenDays';

const SAFETY = new Set(['red_flag', 'ill', 'pain', 'rule_broken']);

/** Changes that wait for an answer; the plan stays as it is until then. */
export function ProposalCards({ plan, isStopped }: { plan: Plan; isStopped: boolean }) {
  const proposals = useQuery(proposalsQuery());
  return (
    <>
      {proposals.data?.items.map((proposal) => (
        <ProposalCard key={proposal.id} proposal={proposal} />
      ))}
      {isStopped ? null : <UndoCard plan={plan} />}
    </>
  );
}

function ProposalCard({ proposal }: { proposal: Proposal }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const spokenDays = useSpokenDays();
  const toast = useToast();
  const client = useQueryClient();
  const [silence, setSilence] = useState(false);
  const path = { params: { path: { proposal_id: proposal.id } } };
  const done = (message: string) => {
    toast(message);
    void client.invalidateQueries({ queryKey: keys.plan });
  };
  const accept = useMutation({
    mutationFn: () => answer(api().POST('/api/v1/plans/proposals/{proposal_id}/accept', path)),
    onSuccess: () => done(t('planChange.accepted')),
  });
  const reject = useMutation({
    mutationFn: () =>
      answer(
        api().POST('/api/v1/plans/proposals/{proposal_id}/reject', {
          ...path,
          body: { dont_ask_again: silence },
        }),
      ),
    onSuccess: () => done(t('planChange.rejected')),
  });
  const failure = accept.error ?? reject.error;
  return (
    <Card
      title={t('planChange.proposal')}
      testID="proposal"
      action={proposal.is_lock ? <Badge label={t('planChange.lock')} tone="danger" /> : undefined}
    >
      {failure ? (
        <Banner tone="danger" urgent title={errorText(failure).message}>
          {errorText(failure).remedy ?? undefined}
        </Banner>
      ) : null}
      <Text>{spokenDays(proposal.reason)}</Text>
      <DiffList entries={proposal.diff} />
      <EffectTable effect={proposal.effect} />
      <Text variant="caption" tone="textSecondary">
        {t('planChange.effectNote')}
      </Text>
      {SAFETY.has(proposal.code) ? null : (
        <Checkbox label={t('planChange.dontAsk')} checked={silence} onChange={setSilence} />
      )}
      <Row gap="s" wrap>
        <Button label={t('planChange.accept')} busy={accept.isPending} onPress={() => accept.mutate()} />
        <Button
          label={t('planChange.reject')}
          variant="secondary"
          busy={reject.isPending}
          onPress={() => reject.mutate()}
        />
      </Row>
    </Card>
  );
}

/** The last change and the way back; nothing for a plan that stands as it was made. */
function UndoCard({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const spokenDays = useSpokenDays();
  const client = useQueryClient();
  const history = useQuery(historyQuery());
  const [open, setOpen] = useState(false);
  const undo = useMutation({
    mutationFn: () => answer(api().POST('/api/v1/plans/undo')),
    onSuccess: () => void client.invalidateQueries({ queryKey: keys.plan }),
  });
  const items = history.data?.items ?? [];
  const last = items[0];
  if (last?.after_id !== plan.id) return null;
  return (
    <Card title={t('planChange.history')}>
      {undo.error ? <Banner tone="danger" urgent title={errorText(undo.error).message} /> : null}
      <Box gap="s" role="list">
        {(open ? items : items.slice(0, 1)).map((item) => {
          return (
            <Box key={item.id} role="listitem">
              <Text variant="label">
                {format.day(item.created_at.slice(0, 10), { day: 'numeric', month: 'short' })}
              </Text>
              <Text variant="caption" tone="textSecondary">
                {spokenDays(item.reason)}
              </Text>
            </Box>
          );
        })}
      </Box>
      <Row gap="s" wrap>
        <Button
          label={t(last.code === 'undo' ? 'planChange.redo' : 'planChange.undo')}
          variant="secondary"
          small
          busy={undo.isPending}
          onPress={() => undo.mutate()}
        />
        {items.length > 1 ? (
          <Button
            label={t(open ? 'planChange.lessHistory' : 'planChange.wholeHistory')}
            variant="quiet"
            small
            onPress={() => setOpen(!open)}
          />
        ) : null}
      </Row>
    </Card>
  );
}
