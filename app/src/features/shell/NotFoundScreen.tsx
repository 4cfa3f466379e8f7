import { useTranslation } from 'react-i18next';

import { Button, EmptyState, Screen } from '@/design';

export function NotFoundScreen() {
  const { t } = useTranslation();
  return (
    <Screen title={t('notFound.title')} width="narrow">
      <EmptyState
        icon="question"
        title={t('notFound.heading')}
        action={<Button href="/" label={t('notFound.home')} />}
      >
        {t('notFound.body')}
      </EmptyState>
    </Screen>
  );
}
