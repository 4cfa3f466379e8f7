import { useRef } from 'react';
import type { View } from 'react-native';

import { onKeys, webProps } from '../interaction';
import type { Option } from './selectTypes';

/** Arrow keys move within a radio group and only one of its options is reached by tab, as in any form. */
export function useRadioKeys<Value extends string>(
  options: readonly Option<Value>[],
  value: Value | null,
  onChange: (value: Value) => void,
) {
  const refs = useRef<(View | null)[]>([]);
  const current = options.findIndex((option) => option.value === value);
  const move = (step: number) => {
    const next = (Math.max(0, current) + step + options.length) % options.length;
    const option = options[next];
    if (option === undefined) return;
    onChange(option.value);
    refs.current[next]?.focus();
  };
  // eslint-disable-next-line react-hooks/refs -- the refs are read when a key is pressed, not while rendering
  const group = onKeys({
    ArrowRight: () => move(1),
    ArrowDown: () => move(1),
    ArrowLeft: () => move(-1),
    ArrowUp: () => move(-1),
  });
  const radio = (index: number) => ({
    role: 'radio' as const,
    'aria-checked': index === current,
    ref: (node: View | null) => {
      refs.current[index] = node;
    },
    ...webProps({ tabIndex: index === Math.max(0, current) ? 0 : -1 }),
  });
  return { group, radio };
}
