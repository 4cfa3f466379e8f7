import { Children, type ReactNode } from 'react';
import { View } from 'react-native';

import { useMeasuredWidth } from '../charts/useMeasuredWidth';
import { useTheme } from '../theme';
import { type Space, space } from '../tokens';

/** How many equal columns to use: as many as fit, but no last row that is nearly empty. */
export function columnsFor(width: number, count: number, minWidth: number, gap: number): number {
  const most = Math.max(1, Math.floor((width + gap) / (minWidth + gap)));
  const rows = Math.ceil(count / most);
  return Math.max(1, Math.ceil(count / rows));
}

/** Children in columns of equal width that fold to the room there is; larger text needs wider ones. */
export function Grid({
  children,
  minWidth,
  gap = 'l',
}: {
  children: ReactNode;
  minWidth: number;
  gap?: Space;
}) {
  const [width, onLayout] = useMeasuredWidth();
  const { textScale } = useTheme();
  const items = Children.toArray(children);
  const columns = columnsFor(width, items.length, minWidth * textScale, space[gap]);
  const itemWidth = (width - space[gap] * (columns - 1)) / columns;
  return (
    <View
      onLayout={onLayout}
      style={{ flexDirection: 'row', flexWrap: 'wrap', columnGap: space[gap], rowGap: space[gap] }}
    >
      {items.map((child, index) => (
        <View key={index} style={width > 0 ? { width: Math.floor(itemWidth) } : { minWidth, flexGrow: 1 }}>
          {child}
        </View>
      ))}
    </View>
  );
}
