import { useState } from 'react';
import { FlatList, Pressable } from 'react-native';

import { Icon } from '../icons';
import { Box, Row, Text } from '../primitives';
import { useTheme } from '../theme';
import { radius, size, space } from '../tokens';
import { Dialog } from './Dialog';
import type { SelectProps } from './selectTypes';

export function Select<Value extends string>({
  label,
  hideLabel,
  hint,
  value,
  options,
  onChange,
}: SelectProps<Value>) {
  const { color } = useTheme();
  const [open, setOpen] = useState(false);
  const current = options.find((option) => option.value === value);
  return (
    <Box gap="xs">
      {hideLabel ? null : <Text variant="label">{label}</Text>}
      <Pressable
        role="button"
        aria-label={`${label}: ${current?.label ?? ''}`}
        onPress={() => setOpen(true)}
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
        <Text>{current?.label ?? ''}</Text>
        <Icon name="chevronDown" size={size.iconS} tone="textSecondary" />
      </Pressable>
      {hint ? (
        <Text variant="caption" tone="textSecondary">
          {hint}
        </Text>
      ) : null}
      <Dialog title={label} open={open} onClose={() => setOpen(false)}>
        <FlatList
          data={options}
          keyExtractor={(option) => option.value}
          renderItem={({ item }) => (
            <Pressable
              role="button"
              aria-selected={item.value === value}
              onPress={() => {
                onChange(item.value);
                setOpen(false);
              }}
            >
              <Row justify="space-between" paddingY="m">
                <Text>{item.label}</Text>
                {item.value === value ? <Icon name="check" tone="accentText" /> : null}
              </Row>
            </Pressable>
          )}
        />
      </Dialog>
    </Box>
  );
}
