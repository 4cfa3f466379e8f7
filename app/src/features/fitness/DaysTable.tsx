import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { FitnessDay } from '@/api/types';
import { Button, Table } from '@/design';
import { useFormat } from '@/i18n/useFormat';

const DAYS_MORE = 60;

type Day = Pick<FitnessDay, 'date' | 'load_au' | 'ctl' | 'atl' | 'tsb_morning'>;

/** The numbers behind a chart of fitness, the last day first, some days at a time. */
export function DaysTable({ label, days }: { label: string; days: readonly Day[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [count, setCount] = useState(DAYS_MORE);
  const yearOf = ({ date }: Day) =>
    date.slice(0, 4) === days.at(-1)?.date.slice(0, 4) ? undefined : 'numeric';
  const latest = [...days].reverse().slice(0, count);
  return (
    <>
      <Table
        label={label}
        columns={[
          {
            id: 'day',
            title: t('field.day'),
            grow: 2,
            minWidth: 110,
            cell: (day: Day) =>
              format.day(day.date, { weekday: 'short', day: 'numeric', month: 'short', year: yearOf(day) }),
          },
          { id: 'load', title: t('fitness.load'), numeric: true, cell: (day) => format.number(day.load_au) },
          { id: 'ctl', title: t('fitness.fitness'), numeric: true, cell: (day) => format.number(day.ctl, 1) },
          { id: 'atl', title: t('fitness.fatigue'), numeric: true, cell: (day) => format.number(day.atl, 1) },
          {
            id: 'tsb',
            title: t('fitness.formMorning'),
            numeric: true,
            cell: (day) => format.signed(day.tsb_morning, 1),
          },
        ]}
        items={latest}
        keyOf={(day) => day.date}
      />
      {days.length > count ? (
        <Button
          label={t('fitness.earlierDays')}
          variant="quiet"
          small
          flush="start"
          onPress={() => setCount(count + DAYS_MORE)}
        />
      ) : null}
    </>
  );
}
