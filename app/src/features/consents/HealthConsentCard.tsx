import { useTranslation } from 'react-i18next';

import { Card } from '@/design';

import { ConsentChoices } from './ConsentChoices';
import { healthPurposes } from './consents';

/** What may be kept of one's health, to look at and to take back. */
export function HealthConsentCard() {
  const { t } = useTranslation();
  return (
    <Card title={t('consent.healthTitle')} caption={t('consent.healthCaption')}>
      <ConsentChoices purposes={healthPurposes} />
    </Card>
  );
}
