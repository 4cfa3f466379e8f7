import { useState } from 'react';
import { Pressable, ScrollView } from 'react-native';

import { Icon } from '../icons';
import { isHovered } from '../interaction';
import { Box, Row, Text } from '../primitives';
import { useTheme } from '../theme';
import { radius, size, space } from '../tokens';
import { Dialog } from './Dialog';
import { found } from './found';
import { SelectButton } from './SelectButton';
import type { SelectProps } from './selectTypes';
import { TextField } from './TextField';

const MOST_SHOWN = 40;
const LIST_HEIGHT = 360;

/** A choice from a list too long to scroll: typing narrows it. */
export function SearchSelect<Value extends string>({
  label,
  hint,
  searchLabel,
  emptyText,
  value,
  options,
  onChange,
}: SelectProps<Value> & { searchLabel: string; emptyText: string }) {
  const { color } = useTheme();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const current = options.find((option) => option.value === value);
  const shown = found(options, typed).slice(0, MOST_SHOWN);
  const show = (next: boolean) => {
    setTyped('');
    setOpen(next);
  };
  return (
    <Box gap="xs">
      <SelectButton label={label} hint={hint} current={current?.label ?? ''} onPress={() => show(true)} />
      <Dialog title={label} open={open} onClose={() => show(false)}>
        <Box gap="m">
          <TextField
            label={searchLabel}
            value={typed}
            autoFocus
            autoCorrect={false}
            onChangeText={setTyped}
          />
          {shown.length === 0 ? (
            <Text tone="textSecondary" role="status">
              {emptyText}
            </Text>
          ) : null}
          <ScrollView style={{ maxHeight: LIST_HEIGHT }}>
            {shown.map((option) => (
              <Pressable
                key={option.value}
                role="button"
                aria-pressed={option.value === value}
                onPress={() => {
                  onChange(option.value);
                  show(false);
                }}
                style={(state) => ({
                  minHeight: size.control,
                  justifyContent: 'center',
                  paddingHorizontal: space.s,
                  borderRadius: radius.m,
                  backgroundColor: isHovered(state) ? color.surfaceHover : undefined,
                })}
              >
                <Row justify="space-between">
                  <Text>{option.label}</Text>
                  {option.value === value ? <Icon name="check" tone="accentText" /> : null}
                </Row>
              </Pressable>
            ))}
          </ScrollView>
        </Box>
      </Dialog>
    </Box>
  );
}
