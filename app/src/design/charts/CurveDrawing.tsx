import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import Svg, { Circle, Path } from 'react-native-svg';

import { webProps } from '../interaction';
import { useTheme } from '../theme';
import type { ColorName } from '../tokens';
import { BaseAxis, ValueAxis } from './Axis';
import { spacedDurations } from './durations';
import { gutter, strokeWidth } from './layout';

const LEAST_GAP = 46;

export type CurvePoint = { duration_s: number; value: number };

/** Best efforts over their duration, on a logarithmic axis as is usual for them. */
export function CurveDrawing({
  points,
  width,
  height,
  tone,
  model,
  formatValue,
  formatDuration,
}: {
  points: readonly CurvePoint[];
  width: number;
  height: number;
  tone: ColorName;
  /** What a model says over the durations for which it holds. */
  model?: readonly CurvePoint[];
  formatValue: (value: number) => string;
  formatDuration: (seconds: number) => string;
}) {
  const { color } = useTheme();
  const shortest = points[0];
  const longest = points.at(-1);
  if (shortest === undefined || longest === undefined || points.length < 2 || width === 0) return null;
  const values = [...points, ...(model ?? [])].map((point) => point.value);
  const x = scaleLog([shortest.duration_s, longest.duration_s], [gutter.left, width - gutter.right]);
  const y = scaleLinear(
    [Math.min(...values) * 0.85, Math.max(...values) * 1.05],
    [height - gutter.bottom, gutter.top],
  );
  const path = line<CurvePoint>()
    .x((point) => x(point.duration_s))
    .y((point) => y(point.value))([...points]);
  const modelPath = line<CurvePoint>()
    .x((point) => x(point.duration_s))
    .y((point) => y(point.value))([...(model ?? [])]);
  const ticks = spacedDurations([shortest.duration_s, longest.duration_s], x, LEAST_GAP);
  return (
    <Svg width={width} height={height} {...webProps({ 'aria-hidden': true })}>
      <ValueAxis
        ticks={y.ticks(4).map((value) => ({ at: y(value), label: formatValue(value) }))}
        width={width}
      />
      {path ? (
        <Path
          d={path}
          fill="none"
          stroke={color[tone]}
          strokeWidth={strokeWidth.emphasis}
          strokeLinejoin="round"
        />
      ) : null}
      {modelPath ? (
        <Path
          d={modelPath}
          fill="none"
          stroke={color.chartCursor}
          strokeWidth={strokeWidth.line}
          strokeDasharray="5 3"
        />
      ) : null}
      {points.map((point) => (
        <Circle
          key={point.duration_s}
          cx={x(point.duration_s)}
          cy={y(point.value)}
          r={3}
          fill={color.surface}
          stroke={color[tone]}
          strokeWidth={strokeWidth.line}
        />
      ))}
      <BaseAxis
        ticks={ticks.map((seconds) => ({ at: x(seconds), label: formatDuration(seconds) }))}
        width={width}
        y={height - 6}
      />
    </Svg>
  );
}
