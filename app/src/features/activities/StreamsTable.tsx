import { useTranslation } from 'react-i18next';

import type { ActivityStreams, Sport } from '@/api/types';
import { type Column, Table } from '@/design';
import { useFormat } from '@/i18n/useFormat';
import { spread } from '@/lib/series';

import type { Panel } from './streams';
import { shown } from './streamText';

const ROWS = 25;

/** The streams at moments as far from each other, to be read instead of looked at. */
export function StreamsTable({
  streams,
  distances,
  panels,
  sport,
  nameOf,
}: {
  streams: ActivityStreams;
  distances: readonly number[] | null;
  panels: readonly Panel[];
  sport: Sport;
  nameOf: (panel: Panel) => string;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns: Column<number>[] = [
    {
      id: 'time',
      title: t('field.time'),
      cell: (index) => format.clock((streams.t_s[index] ?? 0) - (streams.t_s[0] ?? 0)),
    },
    ...(distances === null
      ? []
      : [
          {
            id: 'distance',
            title: t('field.distance'),
            numeric: true,
            cell: (index: number) => format.distance(distances[index] ?? 0, sport)?.text ?? '',
          },
        ]),
    ...panels.map((panel) => ({
      id: panel.id,
      title: nameOf(panel),
      numeric: true,
      minWidth: 84,
      cell: (index: number) => shown(panel, panel.values[index] ?? null, sport, format)?.text ?? '–',
    })),
  ];
  return (
    <Table
      label={t('activity.charts')}
      columns={columns}
      items={spread(streams.t_s.length, ROWS)}
      keyOf={String}
    />
  );
}
