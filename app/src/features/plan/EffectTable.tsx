import { useTranslation } from 'react-i18next';

import { Table } from '@/design';
import { useFormat } from '@/i18n/useFormat';

import { type Lead, leadOf } from './effect';

/** The plan as it is beside the plan as it would be. */
export function EffectTable({ effect }: { effect: unknown }) {
  const { t } = useTranslation();
  const format = useFormat();
  const sides = { before: leadOf(effect, 'before'), after: leadOf(effect, 'after') };
  const minutes = (value: number | null) => (value === null ? '–' : format.clock(value * 60));
  const number = (value: number | null) => (value === null ? '–' : format.number(value));
  const race = (lead: Lead) =>
    lead.race === null ? '–' : `${minutes(lead.race.low)}–${minutes(lead.race.high)}`;
  const point = (lead: Lead) => {
    if (lead.race === null) return '–';
    const seconds = lead.race.difference_s ?? 0;
    const sign = seconds > 0 ? '+' : '−';
    const time = format.clock(Math.round(lead.race.minutes * 60));
    return seconds === 0 ? time : `${time} (${sign}${format.clock(Math.abs(seconds))})`;
  };
  const rows: { id: string; label: string; of: (lead: Lead) => string }[] = [
    { id: 'time', label: t('planChange.nextTime'), of: (lead) => minutes(lead.minutes) },
    { id: 'load', label: t('planChange.nextLoad'), of: (lead) => number(lead.load) },
    { id: 'fitness', label: t('planChange.endFitness'), of: (lead) => number(lead.fitness) },
    { id: 'form', label: t('planChange.endForm'), of: (lead) => number(lead.form) },
  ];
  if (sides.before.race !== null || sides.after.race !== null)
    rows.push(
      { id: 'time-of-race', label: t('planChange.raceExpected'), of: point },
      { id: 'race', label: t('planChange.raceTime'), of: race },
    );
  return (
    <Table
      label={t('planChange.effect')}
      items={rows}
      keyOf={(row) => row.id}
      columns={[
        { id: 'what', title: t('planChange.what'), grow: 2, minWidth: 140, cell: (row) => row.label },
        { id: 'before', title: t('planChange.now'), numeric: true, cell: (row) => row.of(sides.before) },
        { id: 'after', title: t('planChange.then'), numeric: true, cell: (row) => row.of(sides.after) },
      ]}
    />
  );
}
