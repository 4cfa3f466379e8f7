import { line } from 'd3-shape';
import { useMemo } from 'react';
import { View } from 'react-native';
import Svg, { Path } from 'react-native-svg';

import { fitRoute, type Point } from '@/lib/route';

import { webProps } from '../interaction';
import { Box } from '../primitives';
import { useTheme } from '../theme';
import { radius, size } from '../tokens';
import { useMeasuredWidth } from './useMeasuredWidth';

type Pieces = readonly (readonly Point[])[];

const MARGIN = 8;
const WIDE_MARGIN = 16;
const THIN = 2;
const THICK = 3;

/** The shape of a route, small, for lists. */
export function RouteThumb({ points }: { points: readonly Point[] }) {
  const pieces = useMemo(() => [points], [points]);
  return (
    <Box background="mapBackground" radius="m" width={size.thumb} height={size.thumb}>
      <Lines pieces={pieces} width={size.thumb} height={size.thumb} margin={MARGIN} stroke={THIN} />
    </Box>
  );
}

/** The shape of a route with gaps, as wide as there is room: no ground, no scale, and no mark of start and end. */
export function RouteShape({ pieces, label }: { pieces: Pieces; label: string }) {
  const { color } = useTheme();
  const [width, onLayout] = useMeasuredWidth();
  return (
    <View
      onLayout={onLayout}
      role="img"
      aria-label={label}
      style={{
        height: size.chartMedium,
        borderRadius: radius.m,
        overflow: 'hidden',
        backgroundColor: color.mapBackground,
      }}
    >
      <Lines pieces={pieces} width={width} height={size.chartMedium} margin={WIDE_MARGIN} stroke={THICK} />
    </View>
  );
}

function Lines({
  pieces,
  width,
  height,
  margin,
  stroke,
}: {
  pieces: Pieces;
  width: number;
  height: number;
  margin: number;
  stroke: number;
}) {
  const { color } = useTheme();
  const path = useMemo(() => {
    const map = fitRoute(pieces.flat(), width, height, margin);
    if (map === null) return null;
    const draw = line<Point>()
      .x((point) => map.place(point).x)
      .y((point) => map.place(point).y);
    return pieces.map((piece) => draw([...piece]) ?? '').join('');
  }, [pieces, width, height, margin]);
  return (
    <Svg width={width} height={height} {...webProps({ 'aria-hidden': true })}>
      {path ? (
        <Path
          d={path}
          fill="none"
          stroke={color.route}
          strokeWidth={stroke}
          strokeLinejoin="round"
          strokeLinecap="round"
        />
      ) : null}
    </Svg>
  );
}
