import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import type { components } from '@/api/schema';
import { Banner, Box, Button, Dialog, Row, Select, Text, TextField, useToast } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import { useCommunityChange } from './communityQueries';

type NewReport = components['schemas']['NewReport'];
type Reason = NewReport['reason'];
const reasons: readonly Reason[] = [
  'spam',
  'harassment',
  'unsafe_advice',
  'private_information',
  'cheating',
  'other',
];

type Said = Pick<NewReport, 'reason' | 'note'>;
type Subject = Omit<NewReport, 'reason' | 'note'>;

/** Tells the moderators of something, with a reason. */
export function ReportButton({
  subject,
  label,
  accessibilityLabel,
}: {
  subject: Subject;
  label?: string;
  accessibilityLabel?: string;
}) {
  return (
    <ReportForm
      label={label}
      accessibilityLabel={accessibilityLabel}
      report={(said) => answer(api().POST('/api/v1/community/reports', { body: { ...subject, ...said } }))}
    />
  );
}

/** The same for what has a way of its own to be reported. */
export function ReportForm({
  report,
  label,
  accessibilityLabel,
}: {
  report: (said: Said) => Promise<unknown>;
  label?: string;
  accessibilityLabel?: string;
}) {
  const { t } = useTranslation();
  const toast = useToast();
  const errorText = useErrorText();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState<Reason>('spam');
  const [note, setNote] = useState('');
  const send = useCommunityChange(report, () => {
    setOpen(false);
    toast(t('community.reported'));
  });
  return (
    <>
      <Button
        label={label ?? t('community.report')}
        accessibilityLabel={accessibilityLabel}
        variant="quiet"
        small
        onPress={() => setOpen(true)}
      />
      <Dialog title={t('community.reportTitle')} open={open} onClose={() => setOpen(false)}>
        <Box gap="l">
          {send.error ? <Banner tone="danger" urgent title={errorText(send.error).message} /> : null}
          <Text>{t('community.reportBody')}</Text>
          <Select<Reason>
            label={t('community.reason')}
            value={reason}
            onChange={setReason}
            options={reasons.map((value) => ({ value, label: t(`community.reasons.${value}`) }))}
          />
          <TextField
            label={t('community.note')}
            value={note}
            onChangeText={setNote}
            multiline
            maxLength={1000}
          />
          <Row gap="s" justify="flex-end">
            <Button label={t('action.cancel')} variant="quiet" onPress={() => setOpen(false)} />
            <Button
              label={t('community.report')}
              busy={send.isPending}
              onPress={() => send.mutate({ reason, note })}
            />
          </Row>
        </Box>
      </Dialog>
    </>
  );
}
