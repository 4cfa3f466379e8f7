import { type GestureResponderEvent, View } from 'react-native';

import { useMeasuredWidth } from '../charts/useMeasuredWidth';
import { useIsRtl } from '../direction';
import { onKeys, webProps } from '../interaction';
import { Box, Row, Text } from '../primitives';
import { useTheme } from '../theme';
import { radius, size } from '../tokens';

/** One of several values in a row: drag, tap, or keys. */
export function Slider({
  label,
  valueText,
  index,
  count,
  page = 5,
  onChange,
}: {
  label: string;
  valueText: string;
  index: number;
  count: number;
  /** What Page Up and Page Down move. */
  page?: number;
  onChange: (index: number) => void;
}) {
  const { color } = useTheme();
  const [width, onLayout] = useMeasuredWidth();
  const isRtl = useIsRtl();
  const forward = isRtl ? -1 : 1;
  const last = Math.max(0, count - 1);
  const room = Math.max(1, width - size.iconL);
  const to = (target: number) => onChange(Math.min(last, Math.max(0, Math.round(target))));
  const touch = (event: GestureResponderEvent) => {
    const { locationX } = event.nativeEvent;
    const along = isRtl ? width - locationX : locationX;
    if (width > 0) to(((along - size.iconL / 2) / room) * last);
  };
  const keys = onKeys({
    ArrowRight: () => to(index + forward),
    ArrowUp: () => to(index + 1),
    ArrowLeft: () => to(index - forward),
    ArrowDown: () => to(index - 1),
    PageUp: () => to(index + page),
    PageDown: () => to(index - page),
    Home: () => to(0),
    End: () => to(last),
  });
  const start = last > 0 ? (index / last) * room : 0;
  return (
    <Box gap="xxs">
      <Row justify="space-between" gap="m">
        <Text variant="label">{label}</Text>
        <Text variant="label" tabular>
          {valueText}
        </Text>
      </Row>
      <View
        {...keys}
        {...webProps({ tabIndex: 0 })}
        onLayout={onLayout}
        role="slider"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={index}
        aria-valuetext={valueText}
        onStartShouldSetResponder={() => true}
        onMoveShouldSetResponder={() => true}
        onResponderGrant={touch}
        onResponderMove={touch}
        style={{ height: size.touch, justifyContent: 'center' }}
      >
        <View style={{ pointerEvents: 'none', justifyContent: 'center', height: size.touch }}>
          <Box background="borderStrong" radius="pill" height={size.progress} />
          <View
            style={{
              position: 'absolute',
              start,
              width: size.iconL,
              height: size.iconL,
              borderRadius: radius.pill,
              backgroundColor: color.accent,
            }}
          />
        </View>
      </View>
    </Box>
  );
}
