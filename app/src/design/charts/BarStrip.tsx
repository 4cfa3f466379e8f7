import { View } from 'react-native';
import Svg, { Line, Rect } from 'react-native-svg';

import { webProps } from '../interaction';
import { useTheme } from '../theme';
import type { ColorName } from '../tokens';
import { useMeasuredWidth } from './useMeasuredWidth';

export type Bar = { weight: number; low: number; high: number; tone: ColorName };

/** Blocks of given widths and heights side by side: the shape of a workout at a glance. */
export function BarStrip({
  bars,
  height,
  max,
  reference,
  label,
}: {
  bars: readonly Bar[];
  height: number;
  max: number;
  /** A level worth a line, such as the threshold. */
  reference?: number;
  label: string;
}) {
  const { color } = useTheme();
  const [width, onLayout] = useMeasuredWidth();
  const total = bars.reduce((sum, bar) => sum + bar.weight, 0);
  const y = (value: number) => height - (Math.min(value, max) / max) * height;
  const from = bars.map((_bar, index) => bars.slice(0, index).reduce((sum, bar) => sum + bar.weight, 0));
  return (
    <View onLayout={onLayout} role="img" aria-label={label} style={{ height }}>
      {width > 0 && total > 0 ? (
        <Svg width={width} height={height} {...webProps({ 'aria-hidden': true })}>
          {bars.map((bar, index) => {
            const x = ((from[index] ?? 0) / total) * width;
            const top = y(Math.max(bar.low, bar.high));
            return (
              <Rect
                key={index}
                x={x + 0.5}
                y={top}
                width={Math.max(1, (bar.weight / total) * width - 1)}
                height={Math.max(2, height - top)}
                rx={1.5}
                fill={color[bar.tone]}
              />
            );
          })}
          {reference !== undefined ? (
            <Line
              x1={0}
              x2={width}
              y1={y(reference)}
              y2={y(reference)}
              stroke={color.textSecondary}
              strokeWidth={1}
              strokeDasharray="3 4"
            />
          ) : null}
        </Svg>
      ) : null}
    </View>
  );
}
