import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import Svg, { Line, Path } from 'react-native-svg';

import { useTheme } from '@/design';
import { extentOf, type Sample } from '@/lib/series';

import type { PairedPanel } from './compare';

const EDGE = 6;
const STROKE = 2;
const DASHES = '5 4';

/** Two lines over one axis: the first drawn through, the second dashed, so that colour is not all that tells them apart. */
export function ComparePanel({
  axis,
  panel,
  width,
  height,
}: {
  axis: readonly number[];
  panel: PairedPanel;
  width: number;
  height: number;
}) {
  const { color } = useTheme();
  const extent = extentOf([...panel.first, ...panel.second]);
  if (extent === null) return null;
  const slack = Math.max(0, panel.smallestSpan - (extent[1] - extent[0])) / 2;
  const x = scaleLinear([0, axis.at(-1) ?? 1], [0, width]);
  const y = scaleLinear([extent[0] - slack, extent[1] + slack], [height - EDGE, EDGE]);
  const path = (values: readonly Sample[]) =>
    line<Sample>()
      .defined((value) => value !== null)
      .x((_, index) => x(axis[index] ?? 0))
      .y((value) => y(value ?? 0))([...values]) ?? undefined;
  return (
    <Svg width={width} height={height}>
      <Line x1={0} x2={width} y1={height - 1} y2={height - 1} stroke={color.border} />
      <Path
        d={path(panel.second)}
        fill="none"
        stroke={color.textSecondary}
        strokeWidth={STROKE}
        strokeDasharray={DASHES}
      />
      <Path d={path(panel.first)} fill="none" stroke={color.accent} strokeWidth={STROKE} />
    </Svg>
  );
}
