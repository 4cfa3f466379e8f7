import { useTranslation } from 'react-i18next';

import { Banner, Box, Checkbox, Text } from '@/design';
import type { Consent } from '@/features/formChecks/formQueries';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import { useSayConsent } from './consents';

/** One kind of data and what it is for, in words; off until somebody says yes, and off again at any time. */
export function ConsentChoice({ consent, named = true }: { consent: Consent; named?: boolean }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const say = useSayConsent(consent);
  const own = `consent.text.${consent.purpose}_${consent.text_version}`;
  const isOwn = i18n.exists(own);
  const since = consent.history.findLast((entry) => entry.withdrawn_at === null && entry.is_given_here);
  const given = say.isPending ? say.variables : consent.is_given;
  return (
    <Box gap="xs" testID={`consent-${consent.purpose}`}>
      {say.error ? <Banner tone="danger" urgent title={errorText(say.error).message} /> : null}
      {named ? (
        <Checkbox
          label={t(`consent.name.${consent.purpose}`)}
          checked={given}
          onChange={(next) => say.mutate(next)}
        />
      ) : null}
      <Text variant="caption" tone={named ? 'textSecondary' : 'text'} lang={isOwn ? undefined : 'en'}>
        {isOwn ? t(own as 'consent.text.improve_form_model_1') : consent.text}
      </Text>
      {named ? null : (
        <Checkbox label={t('consent.agree')} checked={given} onChange={(next) => say.mutate(next)} />
      )}
      {consent.is_given && since ? (
        <Text variant="micro" tone="textSecondary">
          {t('consent.since', { instant: format.instant(since.given_at), version: since.text_version })}
        </Text>
      ) : null}
    </Box>
  );
}
