import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import { Banner, Box, Button } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';

import type { FaultCode } from './formQueries';
import { useFormWords } from './useFormWords';

/** Makes a recommendation a question about the plan; the plan changes only when that is answered. */
export function TakeIntoPlan({ checkId, fault }: { checkId: string; fault: string }) {
  const { t } = useTranslation();
  const words = useFormWords();
  const errorText = useErrorText();
  const client = useQueryClient();
  const ask = useMutation({
    mutationFn: () =>
      answer(
        api().POST('/api/v1/form-checks/{form_check_id}/recommendations/{fault}/proposal', {
          params: { path: { form_check_id: checkId, fault: fault as FaultCode } },
        }),
      ),
    onSuccess: () => void client.invalidateQueries({ queryKey: keys.plan }),
  });
  if (ask.isSuccess) return <Button label={t('form.seeProposal')} href="/plan" variant="secondary" small />;
  return (
    <Box gap="xs">
      {ask.error ? (
        <Banner tone="info" urgent title={errorText(ask.error).message}>
          {errorText(ask.error).remedy ?? undefined}
        </Banner>
      ) : null}
      <Button
        label={t('form.intoPlan')}
        accessibilityLabel={t('form.intoPlanOf', { what: words.fault(fault) })}
        variant="secondary"
        small
        busy={ask.isPending}
        onPress={() => ask.mutate()}
      />
    </Box>
  );
}
