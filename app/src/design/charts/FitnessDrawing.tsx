import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { useMemo } from 'react';
import Svg, { Circle, G, Line, Path, Rect, Text as SvgText } from 'react-native-svg';

import type { FitnessDay } from '@/api/types';

import { webProps } from '../interaction';
import { fontFamily } from '../primitives';
import { useTheme } from '../theme';
import { BaseAxis, ValueAxis } from './Axis';
import { areaOpacity, axisText, dotRadius, gutter, strokeWidth } from './layout';

type Props = {
  days: readonly FitnessDay[];
  width: number;
  height: number;
  texts: { form: string; load: string; forecast?: string };
  baseTicks: readonly { index: number; label: string }[];
  cursorIndex: number | null;
  /** From this day on nothing is measured: what follows if the plan is done. */
  forecastFrom?: number | null;
  /** Index of the race that the plan leads to. */
  goalIndex?: number | null;
  format: (value: number) => string;
};

const SHARE = { averages: 0.56, form: 0.8 } as const;
const PANEL_GAP = 18;
const LABEL_GAP = 4;

/** How wide a text of the axes is at most; signs of Chinese are as wide as they are high. */
const widthOf = (text: string) =>
  [...text].reduce((sum, sign) => sum + (sign > '\u2e7f' ? 1 : 0.6) * axisText, 0);

/** Fitness and fatigue above, form in the middle, the daily load that made them below. */
export function FitnessDrawing({
  days,
  width,
  height,
  texts,
  baseTicks,
  cursorIndex,
  forecastFrom,
  goalIndex,
  format,
}: Props) {
  const { color } = useTheme();
  const drawing = useMemo(() => {
    const x = scaleLinear([0, Math.max(1, days.length - 1)], [gutter.left + 4, width - gutter.right - 4]);
    const inner = height - gutter.bottom;
    const averagesBottom = inner * SHARE.averages;
    const formBottom = inner * SHARE.form;
    const top = Math.max(20, ...days.map((day) => Math.max(day.ctl, day.atl)));
    const swing = Math.max(10, ...days.map((day) => Math.abs(day.tsb_morning)));
    const heaviest = Math.max(50, ...days.map((day) => day.load_au));
    const averages = scaleLinear([0, top], [averagesBottom, gutter.top]).nice(4);
    const form = scaleLinear([-swing, swing], [formBottom, averagesBottom + PANEL_GAP]);
    const load = scaleLinear([0, heaviest], [inner, formBottom + PANEL_GAP]);
    const path = (pick: (day: FitnessDay) => number) =>
      line<FitnessDay>()
        .x((_day, index) => x(index))
        .y((day) => averages(pick(day)))([...days]) ?? '';
    const fitnessArea =
      area<FitnessDay>()
        .x((_day, index) => x(index))
        .y0(averagesBottom)
        .y1((day) => averages(day.ctl))([...days]) ?? '';
    return {
      x,
      inner,
      averages,
      form,
      load,
      averagesBottom,
      formBottom,
      fitness: path((day) => day.ctl),
      fatigue: path((day) => day.atl),
      fitnessArea,
    };
  }, [days, width, height]);
  const { x, averages, form, load } = drawing;
  const barWidth = Math.max(1, ((width - gutter.left - gutter.right) / Math.max(1, days.length)) * 0.7);
  const forecastEnd = (typeof goalIndex === 'number' ? x(goalIndex) : width - gutter.right) - LABEL_GAP;
  const forecastFits =
    typeof forecastFrom === 'number' &&
    x(forecastFrom) + LABEL_GAP + widthOf(texts.forecast ?? '') <= forecastEnd;
  const cursor = cursorIndex === null ? undefined : days[cursorIndex];
  return (
    <Svg width={width} height={height} {...webProps({ 'aria-hidden': true })}>
      <ValueAxis
        ticks={averages.ticks(4).map((value) => ({ at: averages(value), label: format(value) }))}
        width={width}
      />
      <Path d={drawing.fitnessArea} fill={color.fitness} fillOpacity={areaOpacity} />
      <Path
        d={drawing.fatigue}
        fill="none"
        stroke={color.fatigue}
        strokeWidth={strokeWidth.line}
        strokeDasharray="5 3"
      />
      <Path d={drawing.fitness} fill="none" stroke={color.fitness} strokeWidth={strokeWidth.emphasis} />
      {typeof forecastFrom === 'number' ? (
        <G>
          <Rect
            x={x(forecastFrom)}
            y={0}
            width={Math.max(0, width - gutter.right - x(forecastFrom))}
            height={drawing.inner}
            fill={color.chartGrid}
            fillOpacity={areaOpacity}
          />
          <SvgText
            x={forecastFits ? x(forecastFrom) + LABEL_GAP : forecastEnd}
            y={gutter.top + axisText}
            textAnchor={forecastFits ? 'start' : 'end'}
            fontSize={axisText}
            fontFamily={fontFamily}
            fill={color.chartAxis}
          >
            {texts.forecast ?? ''}
          </SvgText>
        </G>
      ) : null}
      {typeof goalIndex === 'number' ? (
        <Line
          x1={x(goalIndex)}
          x2={x(goalIndex)}
          y1={0}
          y2={drawing.inner}
          stroke={color.accent}
          strokeWidth={strokeWidth.line}
          strokeDasharray="2 3"
        />
      ) : null}
      <PanelName text={texts.form} y={drawing.averagesBottom + PANEL_GAP - 4} />
      <ValueAxis ticks={[{ at: form(0), label: '0' }]} width={width} />
      <G>
        {days.map((day, index) => (
          <Rect
            key={day.date}
            x={x(index) - barWidth / 2}
            y={Math.min(form(0), form(day.tsb_morning))}
            width={barWidth}
            height={Math.max(0.5, Math.abs(form(day.tsb_morning) - form(0)))}
            fill={day.tsb_morning >= 0 ? color.formPositive : color.formNegative}
          />
        ))}
      </G>
      <PanelName text={texts.load} y={drawing.formBottom + PANEL_GAP - 4} />
      <G>
        {days.map((day, index) =>
          day.load_au > 0 ? (
            <Rect
              key={day.date}
              x={x(index) - barWidth / 2}
              y={load(day.load_au)}
              width={barWidth}
              height={drawing.inner - load(day.load_au)}
              fill={color.load}
            />
          ) : null,
        )}
      </G>
      <BaseAxis
        ticks={baseTicks.map(({ index, label }) => ({ at: x(index), label }))}
        width={width}
        y={height - 6}
      />
      {cursor && cursorIndex !== null ? (
        <G>
          <Line
            x1={x(cursorIndex)}
            x2={x(cursorIndex)}
            y1={0}
            y2={drawing.inner}
            stroke={color.chartCursor}
            strokeWidth={strokeWidth.cursor}
          />
          <Circle cx={x(cursorIndex)} cy={averages(cursor.ctl)} r={dotRadius} fill={color.fitness} />
          <Circle cx={x(cursorIndex)} cy={averages(cursor.atl)} r={dotRadius} fill={color.fatigue} />
        </G>
      ) : null}
    </Svg>
  );
}

function PanelName({ text, y }: { text: string; y: number }) {
  const { color } = useTheme();
  return (
    <SvgText x={gutter.left} y={y} fontSize={axisText} fontFamily={fontFamily} fill={color.chartAxis}>
      {text}
    </SvgText>
  );
}
