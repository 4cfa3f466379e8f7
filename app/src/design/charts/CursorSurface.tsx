import { useRef } from 'react';
import { type GestureResponderEvent, View } from 'react-native';

import { onKeys, webProps } from '../interaction';

type Props = {
  label: string;
  /** What the cursor points at, in words; read when it moves. */
  valueText: string;
  /** Where the cursor stands: index of the sample, or null. */
  index: number | null;
  count: number;
  width: number;
  left: number;
  height: number;
  onPosition: (x: number | null) => void;
  onIndex: (index: number) => void;
};

const PAGE_STEPS = 10;

/**
 * Lies over a chart and moves its cursor: mouse, finger, or the arrow keys. For assistive technology it is a slider
 * along the axis that reads out the values.
 */
export function CursorSurface({
  label,
  valueText,
  index,
  count,
  width,
  left,
  height,
  onPosition,
  onIndex,
}: Props) {
  const pressed = useRef(false);
  const last = Math.max(0, count - 1);
  const stepTo = (target: number) => onIndex(Math.min(last, Math.max(0, Math.round(target))));
  const at = index ?? 0;
  const page = Math.max(1, last / PAGE_STEPS);
  const fine = Math.max(1, last / (PAGE_STEPS * PAGE_STEPS));
  const keys = onKeys({
    ArrowRight: () => stepTo(at + fine),
    ArrowUp: () => stepTo(at + fine),
    ArrowLeft: () => stepTo(at - fine),
    ArrowDown: () => stepTo(at - fine),
    PageUp: () => stepTo(at + page),
    PageDown: () => stepTo(at - page),
    Home: () => stepTo(0),
    End: () => stepTo(last),
    Escape: () => onPosition(null),
  });
  const mouse = webProps({
    onMouseMove: (event: { nativeEvent: { offsetX: number } }) => onPosition(event.nativeEvent.offsetX),
    onMouseLeave: () => onPosition(null),
    tabIndex: 0,
  });
  const touch = (event: GestureResponderEvent) => onPosition(event.nativeEvent.locationX);
  return (
    <View
      {...keys}
      {...mouse}
      role="slider"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={at}
      aria-valuetext={valueText}
      onStartShouldSetResponder={() => true}
      onMoveShouldSetResponder={() => pressed.current}
      onResponderGrant={(event) => {
        pressed.current = true;
        touch(event);
      }}
      onResponderMove={touch}
      onResponderRelease={() => {
        pressed.current = false;
      }}
      style={{ position: 'absolute', left, top: 0, width, height }}
    />
  );
}
