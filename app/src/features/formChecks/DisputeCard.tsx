import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { FormCheck } from '@/api/types';
import { Banner, Box, Button, Card, Row, Text, TextField, useToast } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { type Dispute, disputesQuery, type FaultCode } from './formQueries';
import { useFormWords } from './useFormWords';

type Said = { kind: 'cue_wrong'; fault: FaultCode } | { kind: 'count_wrong'; rep_count: number };

/** "This is wrong": a cue, or the count. Stored with the form check; used for training only where that was agreed to. */
export function DisputeCard({ check }: { check: FormCheck }) {
  const { t } = useTranslation();
  const words = useFormWords();
  const toast = useToast();
  const errorText = useErrorText();
  const client = useQueryClient();
  const disputes = useQuery(disputesQuery(check.id));
  const [count, setCount] = useState('');
  const path = { form_check_id: check.id };
  const refresh = () =>
    void client.invalidateQueries({ queryKey: [...keys.formCheck(check.id), 'disputes'] });
  const add = useMutation({
    mutationFn: (said: Said) =>
      answer(api().POST('/api/v1/form-checks/{form_check_id}/disputes', { params: { path }, body: said })),
    onSuccess: () => {
      setCount('');
      toast(t('dispute.thanks'));
      refresh();
    },
  });
  const remove = useMutation({
    mutationFn: (dispute: Dispute) =>
      answer(
        api().DELETE('/api/v1/form-checks/{form_check_id}/disputes/{dispute_id}', {
          params: { path: { ...path, dispute_id: dispute.id } },
        }),
      ),
    onSuccess: refresh,
  });
  const said = disputes.data?.items ?? [];
  const about = (code: string) => said.find((item) => item.fault === code && item.rep_index === null);
  const counted = said.find((item) => item.kind === 'count_wrong');
  const typed = Number(count);
  const isCount = count.trim() !== '' && Number.isInteger(typed) && typed >= 0 && typed <= 10_000;
  const failure = add.error ?? remove.error;
  const isCounted = !check.analysis.gait && !check.analysis.hold;
  if (!isCounted && check.analysis.form.faults.length === 0) return null;
  return (
    <Card title={t('dispute.title')} caption={t('dispute.caption')} testID="dispute">
      {failure ? <Banner tone="danger" urgent title={errorText(failure).message} /> : null}
      {check.analysis.form.faults.map((code) => {
        const known = about(code);
        return (
          <Row key={code} gap="s" justify="space-between" wrap>
            <Text shrink>{words.fault(code)}</Text>
            {known ? (
              <Button
                label={t('dispute.takeBack')}
                accessibilityLabel={t('dispute.takeBackOf', { what: words.fault(code) })}
                variant="quiet"
                small
                onPress={() => remove.mutate(known)}
              />
            ) : (
              <Button
                label={t('dispute.cueWrong')}
                accessibilityLabel={t('dispute.cueWrongOf', { what: words.fault(code) })}
                variant="secondary"
                small
                onPress={() => add.mutate({ kind: 'cue_wrong', fault: code as FaultCode })}
              />
            )}
          </Row>
        );
      })}
      {counted ? (
        <Row gap="s" justify="space-between" wrap>
          <Text shrink>{t('dispute.countWas', { count: counted.rep_count ?? 0 })}</Text>
          <Button
            label={t('dispute.takeBack')}
            accessibilityLabel={t('dispute.takeBackOf', { what: t('form.reps') })}
            variant="quiet"
            small
            onPress={() => remove.mutate(counted)}
          />
        </Row>
      ) : !isCounted ? null : (
        <Box gap="s">
          <TextField
            label={t('dispute.countLabel', { count: check.analysis.rep_count })}
            value={count}
            onChangeText={setCount}
            inputMode="numeric"
          />
          <Button
            label={t('dispute.countWrong')}
            variant="secondary"
            small
            disabled={!isCount}
            busy={add.isPending}
            onPress={() => add.mutate({ kind: 'count_wrong', rep_count: typed })}
          />
        </Box>
      )}
      <Text variant="micro" tone="textSecondary">
        {t(disputes.data?.used_for_training ? 'dispute.used' : 'dispute.notUsed')}
      </Text>
    </Card>
  );
}
