import { useTranslation } from 'react-i18next';

import type { FormRep } from '@/api/types';
import { Card, Table } from '@/design';
import { useFormat } from '@/i18n/useFormat';

import { useFormWords } from './useFormWords';
import { notableFaults } from './verdict';

/** Every repetition in numbers. */
export function RepTable({ reps }: { reps: readonly FormRep[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useFormWords();
  if (reps.length === 0) return null;
  const angle = (value: number | null | undefined) =>
    typeof value === 'number' ? `${format.number(value)}°` : '–';
  const seconds = (rep: FormRep, name: string) => {
    const value = rep.tempo?.[name];
    return typeof value === 'number' ? format.number(value, 1) : '–';
  };
  return (
    <Card title={t('formReplay.table')} caption={t('formReplay.tableCaption')}>
      <Table
        label={t('formReplay.table')}
        columns={[
          {
            id: 'rep',
            title: t('formReplay.rep'),
            numeric: true,
            minWidth: 44,
            cell: (rep: FormRep) =>
              rep.complete ? format.number(rep.index) : `(${format.number(rep.index)})`,
          },
          {
            id: 'time',
            title: t('formReplay.at'),
            numeric: true,
            minWidth: 56,
            cell: (rep) => format.number(rep.start_s, 1),
          },
          {
            id: 'down',
            title: t('formReplay.down'),
            numeric: true,
            minWidth: 52,
            cell: (rep) => seconds(rep, 'eccentric_s'),
          },
          {
            id: 'up',
            title: t('formReplay.up'),
            numeric: true,
            minWidth: 52,
            cell: (rep) => seconds(rep, 'concentric_s'),
          },
          {
            id: 'bottom',
            title: t('formReplay.bottom'),
            numeric: true,
            minWidth: 64,
            cell: (rep) => angle(rep.min_elbow_deg),
          },
          {
            id: 'top',
            title: t('formReplay.top'),
            numeric: true,
            minWidth: 64,
            cell: (rep) => angle(rep.max_elbow_deg),
          },
          {
            id: 'line',
            title: t('formReplay.line'),
            numeric: true,
            minWidth: 64,
            cell: (rep) =>
              typeof rep.body_line_deg === 'number' ? `${format.signed(rep.body_line_deg)}°` : '–',
          },
          {
            id: 'score',
            title: t('form.scoreShort'),
            numeric: true,
            minWidth: 52,
            cell: (rep) => (typeof rep.score === 'number' ? format.number(rep.score) : '–'),
          },
          {
            id: 'faults',
            title: t('form.seen'),
            grow: 4,
            minWidth: 140,
            cell: (rep) =>
              notableFaults(rep)
                .map((fault) =>
                  fault.decision === 'fault'
                    ? words.fault(fault.code)
                    : t('form.nearly', { fault: words.fault(fault.code) }),
                )
                .join(', ') || '–',
          },
        ]}
        items={reps}
        keyOf={(rep) => String(rep.index)}
      />
    </Card>
  );
}
