import { Pressable } from 'react-native';

import { Icon } from '../icons';
import { Text } from '../primitives';
import { useTheme } from '../theme';
import { radius, size, space } from '../tokens';

/** What a closed choice shows: its label, the current option, and a button that opens the rest. */
export function SelectButton({
  label,
  hideLabel,
  hint,
  current,
  onPress,
}: {
  label: string;
  hideLabel?: boolean;
  hint?: string;
  current: string;
  onPress: () => void;
}) {
  const { color } = useTheme();
  return (
    <>
      {hideLabel ? null : <Text variant="label">{label}</Text>}
      <Pressable
        role="button"
        aria-label={`${label}: ${current}`}
        onPress={onPress}
        style={{
          minHeight: size.control,
          borderRadius: radius.m,
          borderWidth: size.hairline,
          borderColor: color.borderStrong,
          backgroundColor: color.surface,
          paddingHorizontal: space.m,
          flexDirection: 'row',
          alignItems: 'center',
          justifyContent: 'space-between',
        }}
      >
        <Text>{current}</Text>
        <Icon name="chevronDown" size={size.iconS} tone="textSecondary" />
      </Pressable>
      {hint ? (
        <Text variant="caption" tone="textSecondary">
          {hint}
        </Text>
      ) : null}
    </>
  );
}
