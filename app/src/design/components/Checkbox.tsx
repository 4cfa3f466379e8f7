import { Pressable } from 'react-native';

import { Icon } from '../icons';
import { onKeys, webProps } from '../interaction';
import { Box, Text } from '../primitives';
import { useTheme } from '../theme';
import { radius, size, space } from '../tokens';

/** One thing that is so or not; the label is part of the target. */
export function Checkbox({
  label,
  checked,
  onChange,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  const { color } = useTheme();
  return (
    <Pressable
      role="checkbox"
      aria-checked={checked}
      aria-label={label}
      onPress={() => onChange(!checked)}
      style={{ flexDirection: 'row', alignItems: 'center', gap: space.s, minHeight: size.touch }}
      {...webProps({ tabIndex: 0 })}
      {...onKeys({ ' ': () => onChange(!checked) })}
    >
      <Box
        align="center"
        justify="center"
        style={{
          flexShrink: 0,
          width: size.iconM,
          height: size.iconM,
          borderRadius: radius.s,
          borderWidth: size.hairline,
          borderColor: checked ? color.accent : color.borderStrong,
          backgroundColor: checked ? color.accent : color.surface,
        }}
      >
        {checked ? <Icon name="check" size={size.iconS} tone="textOnAccent" /> : null}
      </Box>
      <Text shrink>{label}</Text>
    </Pressable>
  );
}
