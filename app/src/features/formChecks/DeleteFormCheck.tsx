import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'expo-router';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import { useToast } from '@/design';
import { ConfirmDialog } from '@/features/shell/ConfirmDialog';

export function DeleteFormCheck({ id, open, onClose }: { id: string; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const router = useRouter();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () =>
      answer(
        api().DELETE('/api/v1/form-checks/{form_check_id}', { params: { path: { form_check_id: id } } }),
      ),
    onSuccess: () => {
      router.replace('/form-checks');
      client.removeQueries({ queryKey: keys.formCheck(id) });
      void client.invalidateQueries({ queryKey: keys.formChecks });
      toast(t('form.deleted'));
    },
  });
  return (
    <ConfirmDialog
      title={t('form.deleteTitle')}
      body={t('form.deleteBody')}
      confirmLabel={t('form.delete')}
      open={open}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
