import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { LegDetail } from '@/api/types';
import { Button, Card, type Column, Row, Table, Text, useLayout } from '@/design';
import { type Shown, useFormat } from '@/i18n/useFormat';

import { isPaced } from './streams';
import { type Lap, lapsOf, type Length, lengthsOf, setsOf, type StrengthSet } from './legParts';

const SHOWN_ROWS = 12;

function useFolded<Item>(items: readonly Item[]): { shown: readonly Item[]; more: React.ReactNode } {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const shown = all ? items : items.slice(0, SHOWN_ROWS);
  const more =
    items.length > shown.length ? (
      <Button
        label={t('table.showAll', { count: items.length })}
        variant="quiet"
        small
        onPress={() => setAll(true)}
      />
    ) : null;
  return { shown, more };
}

export function LegsTable({ legs }: { legs: readonly LegDetail[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns: Column<LegDetail>[] = [
    { id: 'sport', title: t('field.sport'), grow: 2, cell: (leg) => t(`sport.${leg.sport}`) },
    { id: 'time', title: t('field.time'), numeric: true, cell: (leg) => format.clock(leg.timer_s) },
    {
      id: 'distance',
      title: t('field.distance'),
      numeric: true,
      cell: (leg) => format.distance(leg.distance_m, leg.sport)?.text ?? '–',
    },
    {
      id: 'speed',
      title: t('field.paceOrSpeed'),
      numeric: true,
      minWidth: 84,
      cell: (leg) => format.speed(leg.speed_m_s?.mean, leg.sport)?.text ?? '–',
    },
    {
      id: 'hr',
      title: t('field.hr'),
      numeric: true,
      cell: (leg) => format.plain(leg.hr_bpm?.mean, 'bpm')?.text ?? '–',
    },
  ];
  return (
    <Card title={t('activity.legs')}>
      <Table
        label={t('activity.legs')}
        columns={columns}
        items={legs}
        keyOf={(_leg, index) => String(index)}
      />
    </Card>
  );
}

/** On a phone the unit stands once, over the column; the least widths are those of the numbers alone. */
const LAP_WIDTH = { number: 24, clock: 56, value: 48 };

export function LapsTable({ leg }: { leg: LegDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { layout } = useLayout();
  const isPhone = layout === 'phone';
  const text = (shown: Shown | null) => (shown === null ? '–' : isPhone ? shown.value : shown.text);
  const laps = lapsOf(leg);
  const { shown, more } = useFolded(laps);
  if (laps.length < 2) return null;
  const has = (pick: (lap: Lap) => number | null) => laps.some((lap) => (pick(lap) ?? 0) > 0);
  const columns: (Column<Lap> | null)[] = [
    {
      id: 'number',
      title: t('lap.number'),
      minWidth: isPhone ? LAP_WIDTH.number : 36,
      cell: (_lap, index) => String(index + 1),
    },
    {
      id: 'time',
      title: t('field.time'),
      numeric: true,
      minWidth: isPhone ? LAP_WIDTH.clock : undefined,
      cell: (lap) => format.clock(lap.timer_s ?? lap.elapsed_s),
    },
    has((lap) => lap.distance_m)
      ? {
          id: 'distance',
          title: t('field.distance'),
          shortTitle: format.distance(0, leg.sport)?.unit,
          numeric: true,
          minWidth: isPhone ? LAP_WIDTH.value : undefined,
          cell: (lap) => text(format.distance(lap.distance_m, leg.sport)),
        }
      : null,
    has((lap) => lap.speed_m_s)
      ? {
          id: 'speed',
          title: t(isPaced(leg.sport) ? 'field.pace' : 'field.speed'),
          shortTitle: format.speed(1, leg.sport)?.unit,
          numeric: true,
          minWidth: isPhone ? LAP_WIDTH.clock : 88,
          cell: (lap) => text(format.speed(lap.speed_m_s, leg.sport)),
        }
      : null,
    has((lap) => lap.power_mean_w)
      ? {
          id: 'power',
          title: t('field.power'),
          shortTitle: t('unit.w'),
          numeric: true,
          minWidth: isPhone ? LAP_WIDTH.value : undefined,
          cell: (lap) => text(format.plain(lap.power_mean_w, 'w')),
        }
      : null,
    has((lap) => lap.hr_mean_bpm)
      ? {
          id: 'hr',
          title: t('field.hr'),
          shortTitle: t('unit.bpm'),
          numeric: true,
          minWidth: isPhone ? LAP_WIDTH.value : undefined,
          cell: (lap) => text(format.plain(lap.hr_mean_bpm, 'bpm')),
        }
      : null,
  ];
  return (
    <Card title={t('lap.title')}>
      <Table
        label={t('lap.title')}
        columns={columns.filter((column) => column !== null)}
        items={shown}
        keyOf={(_lap, index) => String(index)}
      />
      {more}
    </Card>
  );
}

export function LengthsTable({ leg }: { leg: LegDetail }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const lengths = lengthsOf(leg);
  const { shown, more } = useFolded(lengths);
  if (lengths.length === 0) return null;
  const stroke = (name: string | null) => {
    if (name === null) return '–';
    const key = `stroke.${name}`;
    return i18n.exists(key) ? t(key as 'lap.title') : name;
  };
  const columns: Column<Length>[] = [
    { id: 'number', title: t('length.number'), minWidth: 36, cell: (_item, index) => String(index + 1) },
    {
      id: 'stroke',
      title: t('length.stroke'),
      grow: 2,
      cell: (item) => (item.is_active ? stroke(item.stroke) : t('length.rest')),
    },
    { id: 'time', title: t('field.time'), numeric: true, cell: (item) => format.clock(item.elapsed_s) },
    {
      id: 'strokes',
      title: t('length.strokes'),
      numeric: true,
      cell: (item) => (item.strokes === null ? '–' : format.number(item.strokes)),
    },
  ];
  return (
    <Card title={t('length.title')}>
      <Table
        label={t('length.title')}
        columns={columns}
        items={shown}
        keyOf={(_item, index) => String(index)}
      />
      {more}
    </Card>
  );
}

export function SetsTable({ leg }: { leg: LegDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const sets = setsOf(leg).filter((item) => item.is_active);
  const { shown, more } = useFolded(sets);
  if (sets.length === 0) return null;
  const columns: Column<StrengthSet>[] = [
    { id: 'number', title: t('set.number'), minWidth: 36, cell: (_item, index) => String(index + 1) },
    {
      id: 'exercise',
      title: t('set.exercise'),
      grow: 3,
      minWidth: 120,
      cell: (item) => item.exercise?.replaceAll('_', ' ') ?? t('set.unknown'),
    },
    {
      id: 'reps',
      title: t('set.reps'),
      numeric: true,
      cell: (item) => (item.reps === null ? '–' : format.number(item.reps)),
    },
    {
      id: 'mass',
      title: t('set.mass'),
      numeric: true,
      cell: (item) => format.mass(item.mass_kg)?.text ?? '–',
    },
    {
      id: 'time',
      title: t('field.time'),
      numeric: true,
      cell: (item) => (item.elapsed_s === null ? '–' : format.clock(item.elapsed_s)),
    },
  ];
  return (
    <Card title={t('set.title')}>
      <Row>
        <Text variant="caption" tone="textSecondary">
          {t('set.count', { count: sets.length })}
        </Text>
      </Row>
      <Table label={t('set.title')} columns={columns} items={shown} keyOf={(_item, index) => String(index)} />
      {more}
    </Card>
  );
}
