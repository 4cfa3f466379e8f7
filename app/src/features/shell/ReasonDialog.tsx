import { useTranslation } from 'react-i18next';

import { Banner, Box, Button, Dialog, Row, Text, TextField } from '@/design';

import { useDraft } from './drafts';
import { UnsavedLine } from './UnsavedLine';
import { useErrorText } from './useErrorText';

const SHORTEST = 3;

/** Asks before something is decided for others, and why; the reason is kept. */
export function ReasonDialog({
  draftName,
  title,
  body,
  hint,
  confirmLabel,
  danger,
  open,
  busy,
  error,
  onConfirm,
  onClose,
}: {
  /** What is decided about: a reason that was typed and not given stands there again. */
  draftName: string;
  title: string;
  body: string;
  hint: string;
  confirmLabel: string;
  danger?: boolean;
  open: boolean;
  busy: boolean;
  error: Error | null;
  /** `onSent` is to be called when the reason has arrived: until then it is kept here. */
  onConfirm: (reason: string, onSent: () => void) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const draft = useDraft(`reason.${draftName}`, { reason: '' });
  const { reason } = draft.values;
  return (
    <Dialog title={title} open={open} onClose={onClose}>
      <Box gap="l">
        {error ? <Banner tone="danger" urgent title={errorText(error).message} /> : null}
        <Text>{body}</Text>
        <UnsavedLine draft={draft} />
        <TextField
          label={t('reason.label')}
          hint={hint}
          value={reason}
          onChangeText={(next) => draft.change({ reason: next })}
          multiline
          maxLength={500}
        />
        <Row gap="s" justify="flex-end" wrap>
          <Button
            label={t('action.cancel')}
            variant="quiet"
            onPress={() => {
              draft.forget();
              onClose();
            }}
          />
          <Button
            label={confirmLabel}
            variant={danger ? 'danger' : 'primary'}
            disabled={reason.trim().length < SHORTEST}
            busy={busy}
            onPress={() => onConfirm(reason.trim(), draft.handOver)}
          />
        </Row>
      </Box>
    </Dialog>
  );
}
