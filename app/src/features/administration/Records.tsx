import { Box, type Column, Grid, Table, Text, useLayout } from '@/design';

/** Columns whose cells are plain words. */
export type WordColumn<Item> = Omit<Column<Item>, 'cell'> & { cell: (item: Item) => string };

const WORD_WIDTH = 84;

/** A table where there is room; on a phone one entry under the other, headed by the first column. */
export function Records<Item>({
  label,
  columns,
  items,
  keyOf,
}: {
  label: string;
  columns: readonly [WordColumn<Item>, ...WordColumn<Item>[]];
  items: readonly Item[];
  keyOf: (item: Item) => string;
}) {
  const { layout } = useLayout();
  if (layout !== 'phone') return <Table label={label} columns={columns} items={items} keyOf={keyOf} />;
  const [first, ...others] = columns;
  return (
    <Box gap="l" role="list" aria-label={label}>
      {items.map((item) => (
        <Box key={keyOf(item)} gap="xs" role="listitem">
          <Text variant="bodyStrong">{first.cell(item)}</Text>
          <Grid minWidth={WORD_WIDTH} gap="s">
            {others.map((column) => (
              <Box key={column.id}>
                <Text variant="caption" tone="textSecondary">
                  {column.title}
                </Text>
                <Text tabular={column.numeric}>{column.cell(item)}</Text>
              </Box>
            ))}
          </Grid>
        </Box>
      ))}
    </Box>
  );
}
