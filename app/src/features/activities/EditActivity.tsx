import { onlineManager, useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { keys } from '@/api/queries';
import type { ActivityDetail } from '@/api/types';
import { sendActivity, writeKeys } from '@/api/writes';
import { Banner, Box, Button, Dialog, Row, Select, TextField, useToast } from '@/design';
import { useDraft } from '@/features/shell/drafts';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';
import { newKey } from '@/lib/newKey';

const RPE = ['', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10'] as const;
type Rpe = (typeof RPE)[number];

type Props = { activity: ActivityDetail; title: string; open: boolean; onClose: () => void };

export function EditActivity({ open, ...rest }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('activity.editTitle')} open={open} onClose={rest.onClose}>
      {open ? <Fields {...rest} /> : null}
    </Dialog>
  );
}

function Fields({ activity, title, onClose }: Omit<Props, 'open'>) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const toast = useToast();
  const client = useQueryClient();
  const draft = useDraft(`activity.${activity.id}`, {
    name: activity.title ?? '',
    notes: activity.notes ?? '',
    rpe: RPE.find((value) => value !== '' && Number(value) === activity.rpe_cr10) ?? '',
  });
  const { name, notes } = draft.values;
  const rpe = RPE.find((value) => value === draft.values.rpe) ?? '';
  const done = () => {
    draft.forget();
    onClose();
  };
  const save = useMutation({
    scope: { id: `activity-${activity.id}` },
    mutationKey: writeKeys.activity,
    mutationFn: sendActivity,
    onMutate: ({ change }) => {
      if (onlineManager.isOnline()) return;
      client.setQueryData(keys.activity(activity.id), { ...activity, ...change });
      toast(t('offline.writeKept'));
      done();
    },
    onSuccess: (changed) => {
      client.setQueryData(keys.activity(activity.id), { ...activity, ...changed });
      void client.invalidateQueries({ queryKey: keys.activities });
      toast(t('activity.saved'));
      done();
    },
  });
  return (
    <Box gap="l">
      {save.error ? <Banner tone="danger" urgent title={errorText(save.error).message} /> : null}
      <UnsavedLine draft={draft} />
      <TextField
        label={t('activity.name')}
        value={name}
        placeholder={title}
        onChangeText={(next) => draft.change({ name: next })}
        maxLength={200}
      />
      <Select
        label={t('activity.rpe')}
        hint={t('activity.rpeHint')}
        value={rpe}
        onChange={(next: Rpe) => draft.change({ rpe: next })}
        options={RPE.map((value) => ({
          value,
          label: value === '' ? t('activity.rpeNone') : `${value} · ${t(`rpe.${value}`)}`,
        }))}
      />
      <TextField
        label={t('activity.notes')}
        value={notes}
        onChangeText={(next) => draft.change({ notes: next })}
        multiline
        maxLength={10_000}
      />
      <Row gap="s" justify="flex-end">
        <Button label={t('action.cancel')} variant="quiet" onPress={done} />
        <Button
          label={t('action.save')}
          busy={save.isPending}
          onPress={() =>
            save.mutate({
              key: newKey(),
              activityId: activity.id,
              change: {
                title: name.trim() === '' ? null : name.trim(),
                notes: notes.trim() === '' ? null : notes,
                rpe_cr10: rpe === '' ? null : Number(rpe),
              },
            })
          }
        />
      </Row>
    </Box>
  );
}
