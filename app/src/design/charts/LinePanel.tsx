import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { useMemo } from 'react';
import Svg, { Circle, Line, Path } from 'react-native-svg';

import { breakAtJumps, extentOf, type Sample, thin } from '@/lib/series';

import { webProps } from '../interaction';
import { useTheme } from '../theme';
import type { ColorName } from '../tokens';
import { BaseAxis, type Tick, ValueAxis } from './Axis';
import { areaOpacity, axisText, dotRadius, gutter, strokeWidth } from './layout';

const LEAST_SPACING = axisText + 3;

type Props = {
  axis: readonly number[];
  values: readonly Sample[];
  domain: readonly [number, number];
  tone: ColorName;
  width: number;
  height: number;
  filled?: boolean;
  /** Keeps the scale from zooming into noise: at least this much between bottom and top. */
  smallestSpan: number;
  /** Lowest value of the scale, where it has one (no negative power). */
  floor?: number;
  /** Highest and lowest drawn value; single outliers beyond are cut. */
  limits?: readonly [number, number];
  format: (value: number) => string;
  /** Where to put grid lines between two values; round numbers of the unit people read. */
  ticksBetween: (low: number, high: number) => readonly number[];
  /** A longer step of the axis is a pause and leaves a gap. */
  longestStep?: number;
  baseTicks?: readonly { value: number; label: string }[];
  cursorIndex: number | null;
};

/** Leaves out grid lines whose labels would touch. */
export function spaced(ticks: readonly Tick[]): Tick[] {
  const kept: Tick[] = [];
  for (const tick of ticks) {
    if (kept.every((other) => Math.abs(other.at - tick.at) >= LEAST_SPACING)) kept.push(tick);
  }
  return kept;
}

/** One stream as a line over the shared axis; gaps stay gaps. */
export function LinePanel({
  axis,
  values,
  domain,
  tone,
  width,
  height,
  filled,
  smallestSpan,
  floor,
  limits,
  format,
  ticksBetween,
  longestStep,
  baseTicks,
  cursorIndex,
}: Props) {
  const { color } = useTheme();
  const bottom = height - (baseTicks ? gutter.bottom : 6);
  const drawing = useMemo(() => {
    const extent = limits ?? extentOf(values);
    if (extent === null) return null;
    const slack = Math.max(0, smallestSpan - (extent[1] - extent[0])) / 2;
    const low = floor === undefined ? extent[0] - slack : Math.max(floor, extent[0] - slack);
    const x = scaleLinear(domain, [gutter.left, width - gutter.right]);
    const y = scaleLinear([low, Math.max(low + smallestSpan, extent[1] + slack)], [bottom, gutter.top]).clamp(
      true,
    );
    const broken = longestStep === undefined ? { axis, values } : breakAtJumps(axis, values, longestStep);
    const thinned = thin(broken.axis, broken.values, Math.max(50, Math.floor(width / 2)));
    const points = thinned.axis.map((at, index) => ({ at, value: thinned.values[index] ?? null }));
    const isDefined = (point: { value: Sample }) => point.value !== null;
    const path = line<{ at: number; value: Sample }>()
      .defined(isDefined)
      .x((point) => x(point.at))
      .y((point) => y(point.value ?? 0))(points);
    const shape = filled
      ? area<{ at: number; value: Sample }>()
          .defined(isDefined)
          .x((point) => x(point.at))
          .y0(bottom)
          .y1((point) => y(point.value ?? 0))(points)
      : null;
    const [bottomValue = 0, topValue = 1] = y.domain();
    const ticks = spaced(
      ticksBetween(bottomValue, topValue).map((value) => ({
        at: y(value),
        label: format(value),
      })),
    );
    return { x, y, path, shape, ticks };
  }, [
    axis,
    values,
    domain,
    width,
    bottom,
    smallestSpan,
    floor,
    limits,
    filled,
    format,
    ticksBetween,
    longestStep,
  ]);
  if (drawing === null || width === 0) return null;
  const cursorAt = cursorIndex === null ? null : axis[cursorIndex];
  const cursorValue = cursorIndex === null ? null : (values[cursorIndex] ?? null);
  return (
    <Svg width={width} height={height} {...webProps({ 'aria-hidden': true })}>
      <ValueAxis ticks={drawing.ticks} width={width} />
      {drawing.shape ? <Path d={drawing.shape} fill={color[tone]} fillOpacity={areaOpacity} /> : null}
      {drawing.path ? (
        <Path
          d={drawing.path}
          fill="none"
          stroke={color[tone]}
          strokeWidth={strokeWidth.line}
          strokeLinejoin="round"
          strokeLinecap="round"
        />
      ) : null}
      {baseTicks ? (
        <BaseAxis
          ticks={baseTicks.map(({ value, label }) => ({ at: drawing.x(value), label }))}
          width={width}
          y={height - 6}
        />
      ) : null}
      {cursorAt !== null && cursorAt !== undefined ? (
        <Line
          x1={drawing.x(cursorAt)}
          x2={drawing.x(cursorAt)}
          y1={0}
          y2={bottom}
          stroke={color.chartCursor}
          strokeWidth={strokeWidth.cursor}
        />
      ) : null}
      {cursorAt !== null && cursorAt !== undefined && cursorValue !== null ? (
        <Circle
          cx={drawing.x(cursorAt)}
          cy={drawing.y(cursorValue)}
          r={dotRadius}
          fill={color[tone]}
          stroke={color.surface}
          strokeWidth={strokeWidth.line}
        />
      ) : null}
    </Svg>
  );
}
