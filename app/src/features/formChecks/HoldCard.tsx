import { useTranslation } from 'react-i18next';

import type { FormCheck } from '@/api/types';
import { Badge, Card, Row, Stat, StatGrid } from '@/design';
import { useFormat } from '@/i18n/useFormat';

import { useFormWords } from './useFormWords';
import { notableFaults } from './verdict';

type Hold = NonNullable<FormCheck['analysis']['hold']>;

/** A posture that was held: how long in one piece, how straight, and when it was lost. */
export function HoldCard({ hold }: { hold: Hold }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useFormWords();
  const missingLabel = t('state.missing');
  const notable = notableFaults(hold);
  const degrees = (value: number | null | undefined, show: (value: number) => string) =>
    typeof value === 'number' ? show(value) : null;
  return (
    <Card title={t('hold.title')} testID="hold">
      <StatGrid>
        {[
          <Stat key="longest" label={t('hold.longest')} value={format.clock(hold.end_s - hold.start_s)} />,
          <Stat
            key="line"
            label={t('hold.line')}
            value={degrees(hold.line_deg, format.signed)}
            unit="°"
            missingLabel={missingLabel}
          />,
          <Stat
            key="drift"
            label={t('hold.drift')}
            value={degrees(hold.drift_deg, format.number)}
            unit="°"
            missingLabel={missingLabel}
          />,
          ...(typeof hold.broke_s === 'number'
            ? [<Stat key="broke" label={t('hold.broke')} value={format.clock(hold.broke_s)} />]
            : []),
        ]}
      </StatGrid>
      <Row gap="s" wrap>
        {notable.length === 0 ? <Badge label={t('hold.clean')} tone="neutral" /> : null}
        {notable.map((fault) => (
          <Badge
            key={fault.code}
            label={
              fault.decision === 'fault'
                ? words.fault(fault.code)
                : t('form.nearly', { fault: words.fault(fault.code) })
            }
            tone={fault.decision === 'fault' ? 'warning' : 'neutral'}
            icon={fault.decision === 'fault' ? 'alert' : undefined}
          />
        ))}
      </Row>
    </Card>
  );
}
