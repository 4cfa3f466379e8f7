import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { Banner, Box, Button, Card, Table, Text, TextField } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import { type Agreement, type LabelSheet, labelsQuery } from './formQueries';
import { useFormWords } from './useFormWords';

/** Asking one other person to label the same recording, and how far the two agree. */
export function RaterCard({ sheet }: { sheet: LabelSheet }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const client = useQueryClient();
  const [email, setEmail] = useState('');
  const path = { params: { path: { form_check_id: sheet.form_check_id } } };
  const key = labelsQuery(sheet.form_check_id).queryKey;
  const ask = useMutation({
    mutationFn: () =>
      answer(
        api().PUT('/api/v1/form-checks/{form_check_id}/rater', { ...path, body: { email: email.trim() } }),
      ),
    onSuccess: (changed) => {
      client.setQueryData(key, changed);
      setEmail('');
    },
  });
  const stop = useMutation({
    mutationFn: () => answer(api().DELETE('/api/v1/form-checks/{form_check_id}/rater', path)),
    onSuccess: () => void client.invalidateQueries({ queryKey: key }),
  });
  const failure = ask.error ?? stop.error;
  return (
    <Card title={t('rater.title')} caption={t('rater.caption')} testID="rater">
      {failure ? (
        <Banner tone="danger" urgent title={errorText(failure).message}>
          {errorText(failure).remedy ?? undefined}
        </Banner>
      ) : null}
      {sheet.rater ? (
        <Box gap="s">
          <Text>
            {t(sheet.rater.has_labelled ? 'rater.labelled' : 'rater.asked', {
              email: sheet.rater.email,
              day: format.instant(sheet.rater.granted_at),
            })}
          </Text>
          <Button
            label={t('rater.stop')}
            variant="secondary"
            small
            busy={stop.isPending}
            onPress={() => stop.mutate()}
          />
        </Box>
      ) : (
        <Box gap="s">
          <TextField
            label={t('rater.email')}
            value={email}
            onChangeText={setEmail}
            autoCapitalize="none"
            inputMode="email"
          />
          <Button
            label={t('rater.ask')}
            variant="secondary"
            small
            disabled={!email.includes('@')}
            busy={ask.isPending}
            onPress={() => ask.mutate()}
          />
        </Box>
      )}
      {sheet.agreement.length > 0 ? <AgreementTable sheet={sheet} /> : null}
    </Card>
  );
}

function AgreementTable({ sheet }: { sheet: LabelSheet }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useFormWords();
  return (
    <Box gap="xs">
      <Text variant="label" strong>
        {t('rater.agreement', { count: sheet.matched_reps ?? 0 })}
      </Text>
      <Table
        label={t('rater.agreementTable')}
        columns={[
          {
            id: 'fault',
            title: t('form.criterion'),
            grow: 3,
            minWidth: 110,
            cell: (item: Agreement) => words.fault(item.fault),
          },
          {
            id: 'agreed',
            title: t('rater.alike'),
            numeric: true,
            minWidth: 56,
            cell: (item) => `${format.number(item.agreed)}/${format.number(item.reps)}`,
          },
          {
            id: 'kappa',
            title: t('rater.kappa'),
            numeric: true,
            minWidth: 56,
            cell: (item) => (item.kappa === null ? '–' : format.number(item.kappa, 2)),
          },
        ]}
        items={sheet.agreement}
        keyOf={(item) => item.fault}
      />
    </Box>
  );
}
