import { G, Line, Text as SvgText } from 'react-native-svg';

import { fontFamily } from '../primitives';
import { useTheme } from '../theme';
import { axisText, gutter, strokeWidth } from './layout';

export type Tick = { at: number; label: string };

/** Horizontal grid lines with their values at the left. */
export function ValueAxis({ ticks, width }: { ticks: readonly Tick[]; width: number }) {
  const { color } = useTheme();
  return (
    <G>
      {ticks.map(({ at, label }) => (
        <G key={`${at}-${label}`}>
          <Line
            x1={gutter.left}
            x2={width - gutter.right}
            y1={at}
            y2={at}
            stroke={color.chartGrid}
            strokeWidth={strokeWidth.grid}
          />
          <SvgText
            x={gutter.left - 6}
            y={at + axisText / 3}
            fontSize={axisText}
            fontFamily={fontFamily}
            fill={color.chartAxis}
            textAnchor="end"
          >
            {label}
          </SvgText>
        </G>
      ))}
    </G>
  );
}

/** Texts along the bottom; ones at the edges are turned inwards so that none is cut. */
export function BaseAxis({ ticks, width, y }: { ticks: readonly Tick[]; width: number; y: number }) {
  const { color } = useTheme();
  return (
    <G>
      {ticks.map(({ at, label }) => (
        <SvgText
          key={`${at}-${label}`}
          x={at}
          y={y}
          fontSize={axisText}
          fontFamily={fontFamily}
          fill={color.chartAxis}
          textAnchor={at > width - gutter.right - 24 ? 'end' : at < gutter.left + 8 ? 'start' : 'middle'}
        >
          {label}
        </SvgText>
      ))}
    </G>
  );
}
