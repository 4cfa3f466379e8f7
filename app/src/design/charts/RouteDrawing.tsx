import { line } from 'd3-shape';
import { useMemo } from 'react';
import { View } from 'react-native';
import Svg, { Circle, G, Line, Path, Rect, Text as SvgText } from 'react-native-svg';

import { type Circle as Zone, edgesOf, fitRoute, type Point, type RouteMap, scaleBar } from '@/lib/route';
import { type TileSource, tilesBehind } from '@/lib/tiles';

import { webProps } from '../interaction';
import { Box, fontFamily, Text } from '../primitives';
import { useTheme } from '../theme';
import { radius, space } from '../tokens';
import { axisText } from './layout';
import { TileLayer } from './TileLayer';
import { useMeasuredWidth } from './useMeasuredWidth';

type Props = {
  label: string;
  pieces: readonly (readonly Point[])[];
  height: number;
  /** Where the cursor of the charts stands. */
  marker: Point | null;
  /** A circle that is always wholly in the picture. */
  zone?: Zone | null;
  /** Circles that are drawn where they reach into it. */
  otherZones?: readonly Zone[];
  /** A stretch of the route that stands out from the rest. */
  highlight?: readonly Point[];
  /** Pictures of the ground below the route; without them nobody learns where it is. */
  tiles?: TileSource | null;
  scaleUnit: { meters: number; name: string; smallMeters: number; smallName: string };
};

const MARGIN = 28;
const SCALE_BAR_POINTS = 110;

/** A route on an empty ground, or on tiles where they are wanted. North is up. */
export function RouteDrawing({
  label,
  pieces,
  height,
  marker,
  zone,
  otherZones,
  highlight,
  tiles,
  scaleUnit,
}: Props) {
  const { color } = useTheme();
  const [width, onLayout] = useMeasuredWidth();
  const drawing = useMemo(() => {
    const shown = zone ? [...pieces.flat(), ...edgesOf(zone)] : pieces.flat();
    const map = fitRoute(shown, width, height, MARGIN);
    if (map === null) return null;
    const draw = line<Point>()
      .x((point) => map.place(point).x)
      .y((point) => map.place(point).y);
    const isLong = map.metersPerPoint * SCALE_BAR_POINTS >= scaleUnit.meters;
    const bar = scaleBar(
      map.metersPerPoint,
      SCALE_BAR_POINTS,
      isLong ? scaleUnit.meters : scaleUnit.smallMeters,
    );
    return { map, path: pieces.map((piece) => draw([...piece]) ?? '').join(''), bar, isLong };
  }, [pieces, zone, width, height, scaleUnit]);
  const stretch = useMemo(() => {
    if (!drawing || !highlight) return null;
    return line<Point>()
      .x((point) => drawing.map.place(point).x)
      .y((point) => drawing.map.place(point).y)([...highlight]);
  }, [drawing, highlight]);
  const ground = useMemo(
    () => (drawing && tiles ? tilesBehind(drawing.map, width, height, tiles) : []),
    [drawing, tiles, width, height],
  );
  const start = highlight ? highlight[0] : pieces[0]?.[0];
  const finish = highlight ? highlight.at(-1) : pieces.at(-1)?.at(-1);
  return (
    <View
      onLayout={onLayout}
      role="img"
      aria-label={label}
      style={{ height, borderRadius: radius.m, overflow: 'hidden', backgroundColor: color.mapBackground }}
    >
      {ground.length > 0 ? <TileLayer tiles={ground} /> : null}
      {drawing ? (
        <Svg width={width} height={height} {...webProps({ 'aria-hidden': true })}>
          {otherZones?.map((one, index) => (
            <ZoneMark key={index} zone={one} map={drawing.map} />
          ))}
          {zone ? <ZoneMark zone={zone} map={drawing.map} isChosen /> : null}
          <Path
            d={drawing.path}
            fill="none"
            stroke={color.routeCasing}
            strokeWidth={6}
            strokeLinejoin="round"
            strokeLinecap="round"
          />
          <Path
            d={drawing.path}
            fill="none"
            stroke={color.route}
            strokeWidth={3}
            strokeOpacity={stretch ? 0.4 : 1}
            strokeLinejoin="round"
            strokeLinecap="round"
          />
          {stretch ? (
            <Path
              d={stretch}
              fill="none"
              stroke={color.accent}
              strokeWidth={5}
              strokeLinejoin="round"
              strokeLinecap="round"
            />
          ) : null}
          {finish ? <EndMark at={drawing.map.place(finish)} /> : null}
          {start ? (
            <Circle
              cx={drawing.map.place(start).x}
              cy={drawing.map.place(start).y}
              r={6}
              fill={color.accent}
              stroke={color.routeCasing}
              strokeWidth={2}
            />
          ) : null}
          {marker ? (
            <Circle
              cx={drawing.map.place(marker).x}
              cy={drawing.map.place(marker).y}
              r={7}
              fill={color.surface}
              stroke={color.chartCursor}
              strokeWidth={3}
            />
          ) : null}
          <ScaleBar
            points={drawing.bar.points}
            text={`${drawing.bar.length} ${drawing.isLong ? scaleUnit.name : scaleUnit.smallName}`}
            y={height - space.l}
          />
        </Svg>
      ) : null}
      {ground.length > 0 && tiles ? <Attribution text={tiles.attribution} /> : null}
    </View>
  );
}

/** Whose maps these are: their licences want it to be read where they are seen. */
function Attribution({ text }: { text: string }) {
  return (
    <Box
      background="surface"
      paddingX="xs"
      style={{ position: 'absolute', right: 0, bottom: 0, maxWidth: '70%', pointerEvents: 'none' }}
    >
      <Text variant="micro" tone="textSecondary">
        {text}
      </Text>
    </Box>
  );
}

function ZoneMark({ zone, map, isChosen }: { zone: Zone; map: RouteMap; isChosen?: boolean }) {
  const { color } = useTheme();
  const at = map.place(zone.center);
  return (
    <Circle
      cx={at.x}
      cy={at.y}
      r={zone.radius_m / map.metersPerPoint}
      fill={color.accent}
      fillOpacity={isChosen ? 0.2 : 0.1}
      stroke={color.accent}
      strokeWidth={2}
      strokeDasharray={isChosen ? undefined : '6 4'}
    />
  );
}

function EndMark({ at }: { at: { x: number; y: number } }) {
  const { color } = useTheme();
  return (
    <Rect
      x={at.x - 5}
      y={at.y - 5}
      width={10}
      height={10}
      rx={2}
      fill={color.text}
      stroke={color.routeCasing}
      strokeWidth={2}
    />
  );
}

function ScaleBar({ points, text, y }: { points: number; text: string; y: number }) {
  const { color } = useTheme();
  const x = space.l;
  return (
    <G>
      <Line x1={x} x2={x + points} y1={y} y2={y} stroke={color.text} strokeWidth={2} />
      <Line x1={x} x2={x} y1={y - 4} y2={y + 4} stroke={color.text} strokeWidth={2} />
      <Line x1={x + points} x2={x + points} y1={y - 4} y2={y + 4} stroke={color.text} strokeWidth={2} />
      <SvgText x={x} y={y - 8} fontSize={axisText} fontFamily={fontFamily} fill={color.text}>
        {text}
      </SvgText>
    </G>
  );
}
