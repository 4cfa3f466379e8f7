import type { ReactNode } from 'react';
import { type GestureResponderEvent, View } from 'react-native';

import { useTheme } from '@/design';
import { useMeasuredWidth } from '@/design/charts/useMeasuredWidth';
import { onKeys, webProps } from '@/design/interaction';
import { size } from '@/design/tokens';

/** A time to choose: drag, tap, or keys. What is drawn below it is given the width. */
export function TimeSlider({
  label,
  valueText,
  value,
  max,
  step,
  page,
  height,
  onChange,
  onNeighbour,
  children,
}: {
  label: string;
  valueText: string;
  value: number;
  max: number;
  /** What an arrow key moves, and what Page Up and Page Down move where there are no neighbours. */
  step: number;
  page: number;
  height: number;
  onChange: (value: number) => void;
  /** Where Page Down (1) and Page Up (-1) lead. */
  onNeighbour?: (direction: 1 | -1) => void;
  children: (width: number) => ReactNode;
}) {
  const { color } = useTheme();
  const [width, onLayout] = useMeasuredWidth();
  const to = (target: number) => onChange(Math.min(max, Math.max(0, target)));
  const touch = (event: GestureResponderEvent) => {
    if (width > 0) to((event.nativeEvent.locationX / width) * max);
  };
  const keys = onKeys({
    ArrowRight: () => to(value + step),
    ArrowUp: () => to(value + step),
    ArrowLeft: () => to(value - step),
    ArrowDown: () => to(value - step),
    PageDown: () => (onNeighbour ? onNeighbour(1) : to(value + page)),
    PageUp: () => (onNeighbour ? onNeighbour(-1) : to(value - page)),
    Home: () => to(0),
    End: () => to(max),
  });
  return (
    <View
      {...keys}
      {...webProps({ tabIndex: 0 })}
      onLayout={onLayout}
      role="slider"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.round(max * 100) / 100}
      aria-valuenow={Math.round(value * 100) / 100}
      aria-valuetext={valueText}
      onStartShouldSetResponder={() => true}
      onMoveShouldSetResponder={() => true}
      onResponderGrant={touch}
      onResponderMove={touch}
      style={{ height, justifyContent: 'center' }}
    >
      <View style={{ height, pointerEvents: 'none' }}>
        {width > 0 ? children(width) : null}
        <View
          style={{
            position: 'absolute',
            top: 0,
            bottom: 0,
            left: max > 0 ? (value / max) * width : 0,
            width: size.focusRing,
            backgroundColor: color.chartCursor,
          }}
        />
      </View>
    </View>
  );
}
