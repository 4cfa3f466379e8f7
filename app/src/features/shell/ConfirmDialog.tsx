import { useTranslation } from 'react-i18next';

import { Banner, Box, Button, Dialog, Row, Text } from '@/design';

import { useErrorText } from './useErrorText';

/** Asks before something is gone for good. */
export function ConfirmDialog({
  title,
  body,
  confirmLabel,
  open,
  busy,
  error,
  onConfirm,
  onClose,
}: {
  title: string;
  body: string;
  confirmLabel: string;
  open: boolean;
  busy: boolean;
  error: Error | null;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  return (
    <Dialog title={title} open={open} onClose={onClose}>
      <Box gap="l">
        {error ? <Banner tone="danger" urgent title={errorText(error).message} /> : null}
        <Text>{body}</Text>
        <Row gap="s" justify="flex-end">
          <Button label={t('action.cancel')} variant="quiet" onPress={onClose} />
          <Button label={confirmLabel} variant="danger" busy={busy} onPress={onConfirm} />
        </Row>
      </Box>
    </Dialog>
  );
}
