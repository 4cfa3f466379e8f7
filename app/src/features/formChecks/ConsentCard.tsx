import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import { Banner, Box, Card, Checkbox, Text } from '@/design';
import { QueryState } from '@/features/shell/QueryState';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import { type Consent, consentsKey, consentsQuery, MODEL_CONSENT } from './formQueries';

/** Whether body points and labels may improve the model; off until somebody says yes, and off again at any time. */
export function ConsentCard() {
  const { t } = useTranslation();
  const consents = useQuery(consentsQuery());
  return (
    <Card title={t('consent.title')} testID="consent">
      <QueryState query={consents} skeleton={{ count: 1, height: 80 }}>
        {({ items }) =>
          items
            .filter((item) => item.purpose === MODEL_CONSENT)
            .map((item) => <OneConsent key={item.purpose} consent={item} />)
        }
      </QueryState>
    </Card>
  );
}

function OneConsent({ consent }: { consent: Consent }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (is_given: boolean) =>
      answer(
        api().PUT('/api/v1/consents/{purpose}', {
          params: { path: { purpose: MODEL_CONSENT } },
          body: { is_given, text_version: consent.text_version },
        }),
      ),
    onSuccess: (changed) => {
      client.setQueryData(consentsKey, { items: [changed] });
      void client.invalidateQueries({ queryKey: consentsKey });
      void client.invalidateQueries({ queryKey: keys.formChecks });
    },
  });
  const own = `consent.text.${MODEL_CONSENT}_${consent.text_version}`;
  const isOwn = i18n.exists(own);
  const since = consent.history.findLast((entry) => entry.withdrawn_at === null && entry.is_given_here);
  return (
    <Box gap="s">
      {change.error ? <Banner tone="danger" urgent title={errorText(change.error).message} /> : null}
      <Text variant="caption" lang={isOwn ? undefined : 'en'}>
        {isOwn ? t(own as 'consent.text.improve_form_model_1') : consent.text}
      </Text>
      <Checkbox
        label={t('consent.agree')}
        checked={consent.is_given}
        onChange={(given) => change.mutate(given)}
      />
      {consent.is_given && since ? (
        <Text variant="micro" tone="textSecondary">
          {t('consent.since', { instant: format.instant(since.given_at), version: since.text_version })}
        </Text>
      ) : null}
    </Box>
  );
}
