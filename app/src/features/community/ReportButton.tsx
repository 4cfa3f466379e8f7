import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import type { components } from '@/api/schema';
import { Banner, Box, Button, Dialog, Row, Select, Text, TextField, useToast } from '@/design';
import { useDraft } from '@/features/shell/drafts';
import { DraftWaits, UnsavedLine } from '@/features/shell/UnsavedLine';
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
      about={Object.values(subject).join('.')}
      label={label}
      accessibilityLabel={accessibilityLabel}
      report={(said) => answer(api().POST('/api/v1/community/reports', { body: { ...subject, ...said } }))}
    />
  );
}

/** The same for what has a way of its own to be reported; `about` tells what was typed of one thing from another. */
export function ReportForm({
  about,
  report,
  label,
  accessibilityLabel,
}: {
  about: string;
  report: (said: Said) => Promise<unknown>;
  label?: string;
  accessibilityLabel?: string;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button
        label={label ?? t('community.report')}
        accessibilityLabel={accessibilityLabel}
        variant="quiet"
        small
        onPress={() => setOpen(true)}
      />
      <DraftWaits names={[draftOf(about)]} again={open} />
      <Dialog title={t('community.reportTitle')} open={open} onClose={close}>
        {open ? <Fields about={about} report={report} onClose={close} /> : null}
      </Dialog>
    </>
  );
}

const draftOf = (about: string) => `report-note.${about}`;

function Fields({
  about,
  report,
  onClose,
}: {
  about: string;
  report: (said: Said) => Promise<unknown>;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const toast = useToast();
  const errorText = useErrorText();
  const draft = useDraft(draftOf(about), { reason: 'spam', note: '' });
  const { note } = draft.values;
  const reason = reasons.find((value) => value === draft.values.reason) ?? 'spam';
  const done = () => {
    draft.forget();
    onClose();
  };
  const send = useCommunityChange(report, () => {
    done();
    toast(t('community.reported'));
  });
  return (
    <Box gap="l">
      {send.error ? <Banner tone="danger" urgent title={errorText(send.error).message} /> : null}
      <Text>{t('community.reportBody')}</Text>
      <UnsavedLine draft={draft} />
      <Select<Reason>
        label={t('community.reason')}
        value={reason}
        onChange={(next) => draft.change({ reason: next })}
        options={reasons.map((value) => ({ value, label: t(`community.reasons.${value}`) }))}
      />
      <TextField
        label={t('community.note')}
        value={note}
        onChangeText={(next) => draft.change({ note: next })}
        multiline
        maxLength={1000}
      />
      <Row gap="s" justify="flex-end">
        <Button label={t('action.cancel')} variant="quiet" onPress={done} />
        <Button
          label={t('community.report')}
          busy={send.isPending}
          onPress={() => send.mutate({ reason, note })}
        />
      </Row>
    </Box>
  );
}
