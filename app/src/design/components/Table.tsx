import { type ReactNode, useId, useState } from 'react';
import { ScrollView, View } from 'react-native';
import Svg, { Defs, LinearGradient, Rect, Stop } from 'react-native-svg';

import { useIsRtl } from '../direction';
import { webProps } from '../interaction';
import { Text } from '../primitives';
import { useLayout, useTheme } from '../theme';
import { size, space } from '../tokens';
import { titleWidth } from './tableWidths';

export type Column<Item> = {
  id: string;
  title: string;
  /** Shown instead of the title on a phone, where each column gets the width of its cells. */
  shortTitle?: string;
  numeric?: boolean;
  /** Share of the width. */
  grow?: number;
  minWidth?: number;
  cell: (item: Item, index: number) => ReactNode;
};

const COLUMN = 68;
const LEAST_HIDDEN = 2;
const SCROLL_MS = 50;

/**
 * A real table for assistive technology; scrolls sideways where it has to, and fades on the side where more is. Where
 * letters are enlarged and its columns do not fit, every row becomes lines, each with the title of its column.
 */
export function Table<Item>({
  label,
  columns,
  items,
  keyOf,
  fits,
}: {
  label: string;
  columns: readonly Column<Item>[];
  items: readonly Item[];
  keyOf: (item: Item, index: number) => string;
  /** Words in cells break into lines before the table gets wider than its place. */
  fits?: boolean;
}) {
  const { color, textScale } = useTheme();
  const { layout } = useLayout();
  const [seen, setSeen] = useState({ at: 0, width: 0, whole: 0 });
  const change = (part: Partial<typeof seen>) => setSeen((before) => ({ ...before, ...part }));
  const hasBefore = seen.at > LEAST_HIDDEN;
  const hasAfter = seen.whole - seen.width - seen.at > LEAST_HIDDEN;
  const isShort = (column: Column<Item>) => layout === 'phone' && column.shortTitle !== undefined;
  const line = { borderBottomWidth: size.hairline, borderBottomColor: color.border } as const;
  const titleOf = (column: Column<Item>): string => (isShort(column) && column.shortTitle) || column.title;
  const widthOf = (column: Column<Item>): number =>
    Math.max((column.minWidth ?? COLUMN) * (fits ? 1 : textScale), titleWidth(titleOf(column)) * textScale);
  const least = columns.reduce((sum, column) => sum + widthOf(column), 0);
  const cell = (column: Column<Item>, child: ReactNode, role: 'cell' | 'columnheader') => (
    <View
      key={column.id}
      {...webProps({
        role,
        'aria-label': role === 'columnheader' && isShort(column) ? column.title : undefined,
      })}
      style={{
        flexGrow: column.grow ?? 1,
        flexBasis: widthOf(column),
        minWidth: widthOf(column),
        paddingVertical: space.s,
        paddingHorizontal: space.xs,
        alignItems: column.numeric ? 'flex-end' : 'flex-start',
      }}
    >
      {child}
    </View>
  );
  const isStacked = textScale > 1 && seen.width > 0 && least > seen.width;
  if (isStacked)
    return (
      <View
        {...webProps({ role: 'table', 'aria-label': label, 'aria-rowcount': items.length })}
        onLayout={({ nativeEvent }) => change({ width: nativeEvent.layout.width })}
      >
        {items.map((item, index) => (
          <View
            key={keyOf(item, index)}
            {...webProps({ role: 'row' })}
            style={{
              gap: space.xs,
              paddingVertical: space.s,
              ...(index < items.length - 1 ? line : {}),
            }}
          >
            {columns.map((column) => (
              <View key={column.id} {...webProps({ role: 'cell' })}>
                <Text variant="micro" tone="textSecondary">
                  {column.title}
                </Text>
                {written(column.cell(item, index), column.numeric)}
              </View>
            ))}
          </View>
        ))}
      </View>
    );
  return (
    <View>
      <ScrollView
        horizontal
        {...webProps({ tabIndex: 0, role: 'region', 'aria-label': label })}
        onLayout={({ nativeEvent }) => change({ width: nativeEvent.layout.width })}
        onContentSizeChange={(whole) => change({ whole })}
        // A browser counts below zero where text runs from right to left.
        onScroll={({ nativeEvent }) => change({ at: Math.abs(nativeEvent.contentOffset.x) })}
        scrollEventThrottle={SCROLL_MS}
        contentContainerStyle={{ flexGrow: 1 }}
      >
        <View
          {...webProps({ role: 'table', 'aria-label': label, 'aria-rowcount': items.length + 1 })}
          style={{ flexGrow: 1, maxWidth: fits ? Math.max(seen.width, least) : undefined }}
        >
          <View
            {...webProps({ role: 'row' })}
            style={{ flexDirection: 'row', alignItems: 'flex-end', ...line }}
          >
            {columns.map((column) =>
              cell(
                column,
                <Text variant="micro" tone="textSecondary" align={column.numeric ? 'end' : undefined}>
                  {titleOf(column)}
                </Text>,
                'columnheader',
              ),
            )}
          </View>
          {items.map((item, index) => (
            <View
              key={keyOf(item, index)}
              {...webProps({ role: 'row' })}
              style={{
                flexDirection: 'row',
                alignItems: 'center',
                ...(index < items.length - 1 ? line : {}),
              }}
            >
              {columns.map((column) =>
                cell(column, written(column.cell(item, index), column.numeric), 'cell'),
              )}
            </View>
          ))}
        </View>
      </ScrollView>
      {hasBefore ? <Fade side="start" /> : null}
      {hasAfter ? <Fade side="end" /> : null}
    </View>
  );
}

function written(content: ReactNode, numeric: boolean | undefined): ReactNode {
  if (typeof content !== 'string') return content;
  return (
    <Text variant="caption" tabular={numeric}>
      {content}
    </Text>
  );
}

/** The edge behind which there is more. */
function Fade({ side }: { side: 'start' | 'end' }) {
  const { color } = useTheme();
  const isOnLeft = (side === 'start') !== useIsRtl();
  const id = useId().replace(/\W/g, '');
  return (
    <View
      aria-hidden
      style={{ position: 'absolute', top: 0, bottom: 0, [side]: 0, width: space.xxl, pointerEvents: 'none' }}
    >
      <Svg width="100%" height="100%">
        <Defs>
          <LinearGradient id={id} x1={isOnLeft ? '1' : '0'} x2={isOnLeft ? '0' : '1'} y1="0" y2="0">
            <Stop offset="0" stopColor={color.surface} stopOpacity={0} />
            <Stop offset="1" stopColor={color.surface} stopOpacity={1} />
          </LinearGradient>
        </Defs>
        <Rect width="100%" height="100%" fill={`url(#${id})`} />
      </Svg>
    </View>
  );
}
