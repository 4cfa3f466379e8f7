import { useRef } from 'react';
import { Pressable, View } from 'react-native';

import { isHovered, onKeys, webProps } from '../interaction';
import { Row, Text } from '../primitives';
import { useTheme } from '../theme';
import { radius, size, space } from '../tokens';
import type { Option } from './selectTypes';

/** A choice of a few, all visible; arrow keys move within it as in any radio group. */
export function SegmentedControl<Value extends string>({
  label,
  value,
  options,
  onChange,
  fill,
}: {
  label: string;
  value: Value;
  options: readonly Option<Value>[];
  onChange: (value: Value) => void;
  fill?: boolean;
}) {
  const { color } = useTheme();
  const refs = useRef<(View | null)[]>([]);
  const current = options.findIndex((option) => option.value === value);
  const move = (step: number) => {
    const next = (current + step + options.length) % options.length;
    const option = options[next];
    if (option === undefined) return;
    onChange(option.value);
    refs.current[next]?.focus();
  };
  // eslint-disable-next-line react-hooks/refs -- the refs are read when a key is pressed, not while rendering
  const keys = onKeys({
    ArrowRight: () => move(1),
    ArrowDown: () => move(1),
    ArrowLeft: () => move(-1),
    ArrowUp: () => move(-1),
  });
  return (
    <Row
      {...keys}
      role="radiogroup"
      aria-label={label}
      background="surfaceSunken"
      radius="m"
      gap="xxs"
      alignSelf={fill ? 'stretch' : 'flex-start'}
      style={{ padding: space.xxs }}
    >
      {options.map((option, index) => {
        const selected = option.value === value;
        return (
          <Pressable
            key={option.value}
            ref={(node) => {
              refs.current[index] = node;
            }}
            role="radio"
            aria-checked={selected}
            {...webProps({ tabIndex: selected ? 0 : -1 })}
            onPress={() => onChange(option.value)}
            style={(state) => ({
              flexGrow: fill ? 1 : 0,
              minHeight: size.controlSmall,
              paddingHorizontal: space.m,
              borderRadius: radius.s + space.xxs,
              alignItems: 'center',
              justifyContent: 'center',
              backgroundColor: selected ? color.surface : isHovered(state) ? color.surfaceHover : undefined,
              borderWidth: size.hairline,
              borderColor: selected ? color.border : 'transparent',
            })}
          >
            <Text variant="label" tone={selected ? 'text' : 'textSecondary'} numberOfLines={1}>
              {option.label}
            </Text>
          </Pressable>
        );
      })}
    </Row>
  );
}
