import { useTranslation } from 'react-i18next';

import type { FormRep } from '@/api/types';
import { Card, Table } from '@/design';
import { useFormat } from '@/i18n/useFormat';

import { useFormWords } from './useFormWords';
import { type FaultSummary, faultSummaries } from './verdict';

export function FaultTable({ reps }: { reps: readonly FormRep[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useFormWords();
  const summaries = faultSummaries(reps);
  if (summaries.length === 0) return null;
  const count = (value: number) => (value === 0 ? '–' : format.number(value));
  return (
    <Card title={t('form.criteria')} caption={t('form.criteriaCaption')}>
      <Table
        label={t('form.criteria')}
        columns={[
          {
            id: 'fault',
            title: t('form.criterion'),
            grow: 3,
            minWidth: 110,
            cell: (item: FaultSummary) => words.fault(item.code),
          },
          {
            id: 'faulty',
            title: t('form.seen'),
            numeric: true,
            minWidth: 44,
            cell: (item) => count(item.faulty),
          },
          {
            id: 'near',
            title: t('form.near'),
            numeric: true,
            minWidth: 56,
            cell: (item) => count(item.borderline),
          },
          {
            id: 'unseen',
            title: t('form.unseen'),
            numeric: true,
            minWidth: 72,
            cell: (item) => count(item.unseen),
          },
        ]}
        items={summaries}
        keyOf={(item) => item.code}
      />
    </Card>
  );
}
