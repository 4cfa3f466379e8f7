import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'expo-router';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import { useToast } from '@/design';
import { ConfirmDialog } from '@/features/shell/ConfirmDialog';

export function DeleteActivity({
  id,
  title,
  open,
  onClose,
}: {
  id: string;
  title: string;
  open: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const toast = useToast();
  const router = useRouter();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () =>
      answer(api().DELETE('/api/v1/activities/{activity_id}', { params: { path: { activity_id: id } } })),
    onSuccess: () => {
      router.replace('/activities');
      client.removeQueries({ queryKey: keys.activity(id) });
      void client.invalidateQueries({ queryKey: keys.activities });
      toast(t('activity.deleted'));
    },
  });
  return (
    <ConfirmDialog
      title={t('activity.deleteTitle')}
      body={t('activity.deleteBody', { title })}
      confirmLabel={t('activity.delete')}
      open={open}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
