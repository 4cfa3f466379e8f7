import { useCallback, useState } from 'react';
import type { LayoutChangeEvent } from 'react-native';

/** The width a chart has, once it is laid out. */
export function useMeasuredWidth(): [number, (event: LayoutChangeEvent) => void] {
  const [width, setWidth] = useState(0);
  const onLayout = useCallback((event: LayoutChangeEvent) => {
    setWidth(Math.floor(event.nativeEvent.layout.width));
  }, []);
  return [width, onLayout];
}
