import Svg, { Circle } from 'react-native-svg';

import { Box, Text, useTheme } from '@/design';
import { webProps } from '@/design/interaction';

const SIDE = 168;
const LINE = 12;
const RADIUS = (SIDE - LINE) / 2;
const AROUND = 2 * Math.PI * RADIUS;

/** The count, large enough to be read from two metres, in a ring that fills as the arms bend. */
export function Ring({ count, bend, label }: { count: string; bend: number | null; label: string }) {
  const { color } = useTheme();
  const common = { cx: SIDE / 2, cy: SIDE / 2, r: RADIUS, strokeWidth: LINE, fill: 'none' };
  return (
    <Box
      width={SIDE}
      height={SIDE}
      align="center"
      justify="center"
      role="img"
      aria-label={label}
      testID="ring"
    >
      <Svg width={SIDE} height={SIDE} style={{ position: 'absolute' }} {...webProps({ 'aria-hidden': true })}>
        <Circle {...common} stroke={color.border} />
        <Circle
          {...common}
          stroke={color.accent}
          strokeLinecap="round"
          strokeDasharray={`${AROUND * (bend ?? 0)} ${AROUND}`}
          transform={`rotate(-90 ${SIDE / 2} ${SIDE / 2})`}
        />
      </Svg>
      <Text variant="count">{count}</Text>
    </Box>
  );
}
