import { useState } from 'react';
import { FlatList, Pressable } from 'react-native';

import { Icon } from '../icons';
import { Box, Row, Text } from '../primitives';
import { Dialog } from './Dialog';
import { SelectButton } from './SelectButton';
import type { SelectProps } from './selectTypes';

export function Select<Value extends string>({
  label,
  hideLabel,
  hint,
  value,
  options,
  onChange,
}: SelectProps<Value>) {
  const [open, setOpen] = useState(false);
  const current = options.find((option) => option.value === value);
  return (
    <Box gap="xs">
      <SelectButton
        label={label}
        hideLabel={hideLabel}
        hint={hint}
        current={current?.label ?? ''}
        onPress={() => setOpen(true)}
      />
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
