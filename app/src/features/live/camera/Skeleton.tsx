import { StyleSheet } from 'react-native';
import Svg, { Line } from 'react-native-svg';

import type { Seen } from '@/live/pose/messages';

import { BONES, LINE_SHARE, MIN_SCORE } from './bones';

/** The body over a picture that is fitted into the same place. */
export function Skeleton({ seen: { xy, score, widthPx, heightPx }, color }: { seen: Seen; color: string }) {
  if (xy === null || score === null) return null;
  const bones = BONES.filter(([start, end]) => Math.min(score[start] ?? 0, score[end] ?? 0) >= MIN_SCORE);
  return (
    <Svg
      style={StyleSheet.absoluteFill}
      viewBox={`0 0 ${widthPx} ${heightPx}`}
      preserveAspectRatio="xMidYMid meet"
      pointerEvents="none"
    >
      {bones.map(([start, end]) => (
        <Line
          key={`${start}-${end}`}
          x1={xy[2 * start]}
          y1={xy[2 * start + 1]}
          x2={xy[2 * end]}
          y2={xy[2 * end + 1]}
          stroke={color}
          strokeWidth={LINE_SHARE * Math.max(widthPx, heightPx)}
          strokeLinecap="round"
        />
      ))}
    </Svg>
  );
}
