import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { Banner, Box, Button, Dialog, Row, TextField } from '@/design';
import { useDraft } from '@/features/shell/drafts';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';

import { type Segment, useSegmentChange } from './segmentQueries';

type Props = { segment: Segment; open: boolean; onClose: () => void };

export function RenameSegment({ segment, open, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('segment.rename')} open={open} onClose={onClose}>
      {open ? <Fields segment={segment} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Fields({ segment, onClose }: Omit<Props, 'open'>) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const draft = useDraft(`segment.${segment.id}`, { name: segment.name });
  const { name } = draft.values;
  const done = () => {
    draft.forget();
    onClose();
  };
  const save = useSegmentChange(
    (said: string) =>
      answer(
        api().PATCH('/api/v1/segments/{segment_id}', {
          params: { path: { segment_id: segment.id } },
          body: { name: said },
        }),
      ),
    done,
  );
  return (
    <Box gap="l">
      {save.error ? <Banner tone="danger" urgent title={errorText(save.error).message} /> : null}
      <UnsavedLine draft={draft} />
      <TextField
        label={t('segment.name')}
        value={name}
        onChangeText={(next) => draft.change({ name: next })}
        maxLength={80}
      />
      <Row gap="s" justify="flex-end">
        <Button label={t('action.cancel')} variant="quiet" onPress={done} />
        <Button
          label={t('action.save')}
          busy={save.isPending}
          disabled={name.trim() === ''}
          onPress={() => save.mutate(name.trim())}
        />
      </Row>
    </Box>
  );
}
