import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Banner, Box, Button, Checkbox, Text } from '@/design';
import type { Consent } from '@/features/formChecks/formQueries';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import { useSayConsent } from './consents';

/**
 * One kind of data and what it is for; off until somebody says yes, and off again at any time. It says what matters in a
 * line or two, and the full text when asked for, or where there are no such lines.
 */
export function ConsentChoice({ consent }: { consent: Consent }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const say = useSayConsent(consent);
  const own = `consent.text.${consent.purpose}_${consent.text_version}`;
  const isOwn = i18n.exists(own);
  const short = `consent.short.${consent.purpose}_${consent.text_version}`;
  const folds = i18n.exists(short);
  const [isOpen, setOpen] = useState(false);
  const isWhole = !folds || isOpen;
  const name = t(`consent.name.${consent.purpose}`);
  const since = consent.history.findLast((entry) => entry.withdrawn_at === null && entry.is_given_here);
  const given = say.isPending ? say.variables : consent.is_given;
  return (
    <Box gap="xs" testID={`consent-${consent.purpose}`}>
      {say.error ? <Banner tone="danger" urgent title={errorText(say.error).message} /> : null}
      <Checkbox label={name} checked={given} onChange={(next) => say.mutate(next)} />
      {folds ? <Text variant="caption">{t(short as 'consent.short.improve_form_model_1')}</Text> : null}
      {isWhole ? (
        <Text variant="caption" tone="textSecondary" lang={isOwn ? undefined : 'en'}>
          {isOwn ? t(own as 'consent.text.improve_form_model_1') : consent.text}
        </Text>
      ) : null}
      {isWhole && consent.is_given && since ? (
        <Text variant="micro" tone="textSecondary">
          {t('consent.since', { instant: format.instant(since.given_at), version: since.text_version })}
        </Text>
      ) : null}
      {folds ? (
        <Button
          label={t(isOpen ? 'consent.less' : 'consent.whole')}
          accessibilityLabel={`${t(isOpen ? 'consent.less' : 'consent.whole')}: ${name}`}
          expanded={isOpen}
          variant="quiet"
          small
          flush="start"
          onPress={() => setOpen(!isOpen)}
        />
      ) : null}
    </Box>
  );
}
