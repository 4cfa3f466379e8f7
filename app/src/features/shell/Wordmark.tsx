import Svg, { Path, Rect } from 'react-native-svg';

import { Row, Text, useTheme } from '@/design';
import { webProps } from '@/design/interaction';
import { size } from '@/design/tokens';

export function Wordmark() {
  const { color } = useTheme();
  return (
    <Row gap="s">
      <Svg
        width={size.iconXl * 0.7}
        height={size.iconXl * 0.7}
        viewBox="0 0 32 32"
        {...webProps({ 'aria-hidden': true })}
      >
        <Rect width={32} height={32} rx={8} fill={color.accent} />
        <Path
          d="M6 20.5l5-6 4.5 4L26 8.5M6 25h20"
          fill="none"
          stroke={color.textOnAccent}
          strokeWidth={2.8}
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </Svg>
      <Text variant="heading">TopForm</Text>
    </Row>
  );
}
