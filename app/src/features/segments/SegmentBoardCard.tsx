import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { Box, Card, type Column, Table, Text } from '@/design';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';

import { type Segment, type SegmentBoard, segmentBoardQuery } from './segmentQueries';

type Row = SegmentBoard['items'][number];

/** Those who share their efforts: by best time, and who came most often. */
export function SegmentBoardCard({ segment }: { segment: Segment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const board = useQuery(segmentBoardQuery(segment.id));
  const nameOf = (row: { name?: string | null; is_you: boolean }) =>
    row.is_you ? t('segment.you') : (row.name ?? t('segment.somebody'));
  const columns: Column<Row>[] = [
    {
      id: 'rank',
      title: t('segment.rank'),
      numeric: true,
      minWidth: 44,
      cell: (row) => format.number(row.rank),
    },
    { id: 'who', title: t('segment.who'), minWidth: 110, cell: nameOf },
    { id: 'best', title: t('segment.best'), numeric: true, cell: (row) => format.clock(row.best_s) },
    {
      id: 'count',
      title: t('segment.recentCount'),
      numeric: true,
      cell: (row) => format.number(row.efforts_90_days),
    },
  ];
  return (
    <Card title={t('segment.board')} caption={t('segment.boardCaption')}>
      <QueryState query={board} skeleton={{ count: 3, height: 44 }}>
        {({ items, legend }) =>
          items.length === 0 ? (
            <Text tone="textSecondary">{t('segment.nobody')}</Text>
          ) : (
            <Box gap="m">
              {legend ? (
                <Box gap="xxs">
                  <Text variant="caption" tone="textSecondary">
                    {t('segment.legend')}
                  </Text>
                  <Text variant="bodyStrong">{nameOf(legend)}</Text>
                  <Text variant="caption" tone="textSecondary">
                    {t('segment.legendEfforts', { count: legend.efforts })}
                  </Text>
                </Box>
              ) : null}
              <Table
                label={t('segment.board')}
                columns={columns}
                items={items}
                keyOf={(row, index) => row.handle ?? String(index)}
              />
            </Box>
          )
        }
      </QueryState>
    </Card>
  );
}
