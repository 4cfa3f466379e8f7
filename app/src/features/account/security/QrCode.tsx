import Svg, { Path, Rect } from 'react-native-svg';

import { Box } from '@/design';
import { codeColor } from '@/design/tokens';

const SIDE = 200;

/** Draws rows of `0` and `1`; always dark on light, because scanners need it so. */
export function QrCode({ rows, label }: { rows: readonly string[]; label: string }) {
  const path = rows
    .flatMap((row, y) => [...row].map((cell, x) => (cell === '1' ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  return (
    <Box role="img" aria-label={label} style={{ width: SIDE, height: SIDE }}>
      <Svg width={SIDE} height={SIDE} viewBox={`0 0 ${rows.length} ${rows.length}`}>
        <Rect width={rows.length} height={rows.length} fill={codeColor.light} />
        <Path d={path} fill={codeColor.dark} />
      </Svg>
    </Box>
  );
}
