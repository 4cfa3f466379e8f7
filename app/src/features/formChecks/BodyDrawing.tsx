import { View } from 'react-native';
import Svg, { Circle, Line } from 'react-native-svg';

import { useTheme } from '@/design';
import { useMeasuredWidth } from '@/design/charts/useMeasuredWidth';
import { webProps } from '@/design/interaction';
import { type ColorName, radius, size } from '@/design/tokens';

import type { Bounds, Points } from './bodyTrack';

export type DrawnBody = { points: Points | null; tone: ColorName; dashed?: boolean };

/** One or two bodies as lines between their joints, in a box of its own. */
export function BodyDrawing({
  bodies,
  bones,
  bounds,
  label,
  maxHeight = size.mapPhone,
}: {
  bodies: readonly DrawnBody[];
  bones: readonly (readonly number[])[];
  bounds: Bounds;
  label: string;
  maxHeight?: number;
}) {
  const { color } = useTheme();
  const [width, onLayout] = useMeasuredWidth();
  const scale = width > 0 ? Math.min(width / bounds.width, maxHeight / bounds.height) : 0;
  const height = Math.max(1, bounds.height * scale);
  const shiftX = (width - bounds.width * scale) / 2;
  const place = (points: Points, index: number): [number, number] | null => {
    const [x, y] = [points[2 * index] ?? null, points[2 * index + 1] ?? null];
    return x === null || y === null ? null : [(x - bounds.left) * scale + shiftX, (y - bounds.top) * scale];
  };
  return (
    <View
      onLayout={onLayout}
      role="img"
      aria-label={label}
      style={{ minHeight: height, backgroundColor: color.surfaceSunken, borderRadius: radius.m }}
    >
      {width > 0 ? (
        <Svg width={width} height={height} {...webProps({ 'aria-hidden': true })}>
          {bodies.map((body, which) =>
            body.points === null
              ? null
              : bones.map(([start, end], index) => {
                  const a = place(body.points ?? [], start ?? 0);
                  const b = place(body.points ?? [], end ?? 0);
                  return a === null || b === null ? null : (
                    <Line
                      key={`${which}-${index}`}
                      x1={a[0]}
                      y1={a[1]}
                      x2={b[0]}
                      y2={b[1]}
                      stroke={color[body.tone]}
                      strokeWidth={3}
                      strokeLinecap="round"
                      strokeDasharray={body.dashed ? '6 5' : undefined}
                    />
                  );
                }),
          )}
          {bodies.map((body, which) => {
            const head = body.points === null ? null : place(body.points, 0);
            return head === null ? null : (
              <Circle key={which} cx={head[0]} cy={head[1]} r={5} fill={color[body.tone]} />
            );
          })}
        </Svg>
      ) : null}
    </View>
  );
}
