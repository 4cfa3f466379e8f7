import { line } from 'd3-shape';
import { useMemo } from 'react';
import Svg, { Path } from 'react-native-svg';

import { fitRoute, type Point } from '@/lib/route';

import { webProps } from '../interaction';
import { Box } from '../primitives';
import { useTheme } from '../theme';
import { size } from '../tokens';

const MARGIN = 8;

/** The shape of a route, small, for lists. */
export function RouteThumb({ points }: { points: readonly Point[] }) {
  const { color } = useTheme();
  const path = useMemo(() => {
    const map = fitRoute(points, size.thumb, size.thumb, MARGIN);
    if (map === null) return null;
    return line<Point>()
      .x((point) => map.place(point).x)
      .y((point) => map.place(point).y)([...points]);
  }, [points]);
  return (
    <Box background="mapBackground" radius="m" width={size.thumb} height={size.thumb}>
      <Svg width={size.thumb} height={size.thumb} {...webProps({ 'aria-hidden': true })}>
        {path ? (
          <Path
            d={path}
            fill="none"
            stroke={color.route}
            strokeWidth={2}
            strokeLinejoin="round"
            strokeLinecap="round"
          />
        ) : null}
      </Svg>
    </Box>
  );
}
