import type { ReactNode } from 'react';
import { ScrollView, View } from 'react-native';

import { webProps } from '../interaction';
import { Text } from '../primitives';
import { useTheme } from '../theme';
import { size, space } from '../tokens';

export type Column<Item> = {
  id: string;
  title: string;
  numeric?: boolean;
  /** Share of the width. */
  grow?: number;
  minWidth?: number;
  cell: (item: Item, index: number) => ReactNode;
};

const COLUMN = 68;

/** A real table for assistive technology; scrolls sideways where it has to. */
export function Table<Item>({
  label,
  columns,
  items,
  keyOf,
}: {
  label: string;
  columns: readonly Column<Item>[];
  items: readonly Item[];
  keyOf: (item: Item, index: number) => string;
}) {
  const { color } = useTheme();
  const line = { borderBottomWidth: size.hairline, borderBottomColor: color.border } as const;
  const cell = (column: Column<Item>, child: ReactNode, role: 'cell' | 'columnheader') => (
    <View
      key={column.id}
      {...webProps({ role })}
      style={{
        flexGrow: column.grow ?? 1,
        flexBasis: column.minWidth ?? COLUMN,
        minWidth: column.minWidth ?? COLUMN,
        paddingVertical: space.s,
        paddingHorizontal: space.xs,
        alignItems: column.numeric ? 'flex-end' : 'flex-start',
      }}
    >
      {child}
    </View>
  );
  return (
    <ScrollView
      horizontal
      {...webProps({ tabIndex: 0, role: 'region', 'aria-label': label })}
      contentContainerStyle={{ flexGrow: 1 }}
    >
      <View
        {...webProps({ role: 'table', 'aria-label': label, 'aria-rowcount': items.length + 1 })}
        style={{ flexGrow: 1 }}
      >
        <View {...webProps({ role: 'row' })} style={{ flexDirection: 'row', ...line }}>
          {columns.map((column) =>
            cell(
              column,
              <Text variant="micro" tone="textSecondary" numberOfLines={1}>
                {column.title}
              </Text>,
              'columnheader',
            ),
          )}
        </View>
        {items.map((item, index) => (
          <View
            key={keyOf(item, index)}
            {...webProps({ role: 'row' })}
            style={{ flexDirection: 'row', alignItems: 'center', ...(index < items.length - 1 ? line : {}) }}
          >
            {columns.map((column) => {
              const content = column.cell(item, index);
              return cell(
                column,
                typeof content === 'string' ? (
                  <Text variant="caption" tabular={column.numeric}>
                    {content}
                  </Text>
                ) : (
                  content
                ),
                'cell',
              );
            })}
          </View>
        ))}
      </View>
    </ScrollView>
  );
}
