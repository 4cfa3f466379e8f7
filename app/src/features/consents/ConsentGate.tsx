import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Card, Skeleton } from '@/design';

import { ConsentChoices } from './ConsentChoices';
import { type HealthPurpose, useMissingConsents } from './consents';

const WAITING = 120;

/** Asks first what data may be kept and for what; shows what takes the data once the answer is yes. */
export function ConsentGate({
  purposes,
  level,
  children,
}: {
  purposes: readonly HealthPurpose[];
  level?: 2 | 3;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const missing = useMissingConsents(purposes);
  if (missing === null) return <Skeleton height={WAITING} />;
  if (missing.length === 0) return <>{children}</>;
  return (
    <Card
      title={t('consent.gateTitle')}
      caption={t('consent.gateCaption')}
      level={level}
      testID="consent-gate"
    >
      <ConsentChoices purposes={missing} />
    </Card>
  );
}
