import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { ActivitySummary } from '@/api/types';
import { Button, useToast } from '@/design';
import { ConfirmDialog } from '@/features/shell/ConfirmDialog';

import { useActivityTitle } from './words';

/** Offers to join two activities of the list that were recorded at the same time. */
export function JoinHint({ activity, other }: { activity: ActivitySummary; other: ActivitySummary }) {
  const { t } = useTranslation();
  const title = useActivityTitle();
  const toast = useToast();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const join = useMutation({
    mutationFn: () =>
      answer(
        api().POST('/api/v1/activities/{activity_id}/merge', {
          params: { path: { activity_id: activity.id } },
          body: { other_id: other.id },
        }),
      ),
    onSuccess: () => {
      setAsking(false);
      toast(t('source.joining'));
      void client.invalidateQueries({ queryKey: keys.jobs });
    },
  });
  return (
    <>
      <Button
        label={t('source.join', { name: title(other) })}
        variant="quiet"
        flush="start"
        small
        onPress={() => setAsking(true)}
      />
      <ConfirmDialog
        title={t('source.joinTitle')}
        body={t('source.joinBody', { first: title(activity), second: title(other) })}
        confirmLabel={t('source.joinConfirm')}
        open={asking}
        busy={join.isPending}
        error={join.error}
        onConfirm={() => join.mutate()}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
