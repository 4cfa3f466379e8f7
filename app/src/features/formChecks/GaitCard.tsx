import { useTranslation } from 'react-i18next';

import type { FormCheck } from '@/api/types';
import { Card, Stat, StatGrid } from '@/design';
import { useFormat } from '@/i18n/useFormat';

type Gait = NonNullable<FormCheck['analysis']['gait']>;

/** Running from the side; what this camera cannot show stays missing. */
export function GaitCard({ gait }: { gait: Gait }) {
  const { t } = useTranslation();
  const format = useFormat();
  const missingLabel = t('state.missing');
  const known = (value: number | null | undefined, digits = 0, factor = 1) =>
    typeof value === 'number' ? format.number(factor * value, digits) : null;
  return (
    <Card title={t('gait.title')} caption={t('gait.caption')} testID="gait">
      <StatGrid>
        {[
          <Stat key="rate" large label={t('gait.rate')} value={known(gait.step_rate_spm)} />,
          <Stat
            key="ahead"
            label={t('gait.ahead')}
            value={known(gait.landing_ahead, 0, 100)}
            unit={`% ${t('gait.aheadUnit')}`}
            missingLabel={missingLabel}
          />,
          <Stat
            key="lean"
            label={t('gait.lean')}
            value={known(gait.trunk_lean_deg)}
            unit="°"
            missingLabel={missingLabel}
          />,
          <Stat
            key="knee"
            label={t('gait.knee')}
            value={known(gait.knee_at_landing_deg)}
            unit="°"
            missingLabel={missingLabel}
          />,
          <Stat
            key="contact"
            label={t('gait.contact')}
            value={known(gait.contact_s, 0, 1000)}
            unit="ms"
            missingLabel={missingLabel}
          />,
          <Stat
            key="flight"
            label={t('gait.flight')}
            value={known(gait.flight_s, 0, 1000)}
            unit="ms"
            missingLabel={missingLabel}
          />,
        ]}
      </StatGrid>
    </Card>
  );
}
