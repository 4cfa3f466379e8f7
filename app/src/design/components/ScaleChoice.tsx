import { Pressable, View } from 'react-native';

import { isHovered } from '../interaction';
import { Box, Text } from '../primitives';
import { useTheme } from '../theme';
import { radius, size, space } from '../tokens';
import { Grid } from './Grid';
import type { Option } from './selectTypes';
import { useRadioKeys } from './useRadioKeys';

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
  const { group, radio } = useRadioKeys(options, value, onChange);
  return (
    <Box gap="xs">
      <Text variant="label">{label}</Text>
      <View {...group} role="radiogroup" aria-label={label}>
        <Grid minWidth={minWidth} gap="xs">
          {options.map((option, index) => {
            const selected = option.value === value;
            return (
              <Pressable
                key={option.value}
                {...radio(index)}
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
