import { useTranslation } from 'react-i18next';

import { Card } from '@/design';
import { ConsentChoices } from '@/features/consents/ConsentChoices';

import { MODEL_CONSENT, PREDICTIONS_CONSENT } from './formQueries';

/** Whether body points and labels may improve the model; off until somebody says yes, and off again at any time. */
export function ConsentCard() {
  const { t } = useTranslation();
  return (
    <Card title={t('consent.title')} testID="consent">
      <ConsentChoices purposes={[MODEL_CONSENT]} />
    </Card>
  );
}

/** Everything that may improve what others are told. */
export function ImproveConsentCard() {
  const { t } = useTranslation();
  return (
    <Card title={t('consent.improveTitle')} testID="consent">
      <ConsentChoices purposes={[MODEL_CONSENT, PREDICTIONS_CONSENT]} />
    </Card>
  );
}
