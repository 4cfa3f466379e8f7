import { Pressable } from 'react-native';

import { isHovered } from '../interaction';
import { Row, Text } from '../primitives';
import { useTheme } from '../theme';
import { radius, size, space } from '../tokens';
import type { Option } from './selectTypes';
import { useRadioKeys } from './useRadioKeys';

/** A choice of a few, all visible, on more lines where one is too narrow; arrow keys move within it as in any radio group. */
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
  const { group, radio } = useRadioKeys(options, value, onChange);
  return (
    <Row
      {...group}
      role="radiogroup"
      aria-label={label}
      background="surfaceSunken"
      radius="m"
      gap="xxs"
      wrap
      alignSelf={fill ? 'stretch' : 'flex-start'}
      style={{ padding: space.xxs, maxWidth: '100%' }}
    >
      {options.map((option, index) => {
        const selected = option.value === value;
        return (
          <Pressable
            key={option.value}
            {...radio(index)}
            onPress={() => onChange(option.value)}
            style={(state) => ({
              flexGrow: fill ? 1 : 0,
              maxWidth: '100%',
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
            <Text variant="label" align="center" tone={selected ? 'text' : 'textSecondary'}>
              {option.label}
            </Text>
          </Pressable>
        );
      })}
    </Row>
  );
}
