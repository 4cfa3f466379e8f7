import { useRef } from 'react';
import { Pressable, View } from 'react-native';

import { isHovered, onKeys, webProps } from '../interaction';
import { Box, Text } from '../primitives';
import { useTheme } from '../theme';
import { radius, size, space } from '../tokens';
import { Grid } from './Grid';
import type { Option } from './selectTypes';

/** A step on a scale, one tap away: all steps are visible and fold into rows where it is narrow. */
export function ScaleChoice<Value extends string>({
  label,
  value,
  options,
  onChange,
  minWidth = 48,
}: {
  label: string;
  value: Value | null;
  options: readonly Option<Value>[];
  onChange: (value: Value) => void;
  minWidth?: number;
}) {
  const { color } = useTheme();
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
  const keys = onKeys({
    ArrowRight: () => move(1),
    ArrowDown: () => move(1),
    ArrowLeft: () => move(-1),
    ArrowUp: () => move(-1),
  });
  return (
    <Box gap="xs">
      <Text variant="label">{label}</Text>
      <View {...keys} role="radiogroup" aria-label={label}>
        <Grid minWidth={minWidth} gap="xs">
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
                {...webProps({ tabIndex: selected || (current < 0 && index === 0) ? 0 : -1 })}
                onPress={() => onChange(option.value)}
                style={(state) => ({
                  minHeight: size.control,
                  paddingHorizontal: space.xs,
                  borderRadius: radius.m,
                  alignItems: 'center',
                  justifyContent: 'center',
                  borderWidth: size.hairline,
                  borderColor: selected ? color.accent : color.border,
                  backgroundColor: selected
                    ? color.accentSoft
                    : isHovered(state)
                      ? color.surfaceHover
                      : color.surface,
                })}
              >
                <Text variant="label" tone={selected ? 'accentText' : 'text'} numberOfLines={1}>
                  {option.label}
                </Text>
              </Pressable>
            );
          })}
        </Grid>
      </View>
    </Box>
  );
}
