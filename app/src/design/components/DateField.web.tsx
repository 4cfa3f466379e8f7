import { type ChangeEvent, useId } from 'react';
import { unstable_createElement } from 'react-native-web';

import { Box, fontFamily, Text } from '../primitives';
import { useTheme } from '../theme';
import { radius, size, space, type as typeScale } from '../tokens';
import type { DateFieldProps } from './dateFieldTypes';
import { FieldLabel } from './Field';

/** The browser's own date picker. */
export function DateField({ label, value, min, error, onChange }: DateFieldProps) {
  const { color } = useTheme();
  const id = useId();
  return (
    <Box gap="xs">
      <FieldLabel htmlFor={id}>{label}</FieldLabel>
      {unstable_createElement('input', {
        id,
        type: 'date',
        value,
        min,
        'aria-invalid': error ? true : undefined,
        'aria-describedby': error ? `${id}-error` : undefined,
        onChange: (event: ChangeEvent<HTMLInputElement>) => onChange(event.target.value),
        style: {
          ...typeScale.body,
          fontFamily,
          boxSizing: 'border-box',
          width: '100%',
          minHeight: size.control,
          paddingLeft: space.m,
          paddingRight: space.m,
          color: color.text,
          backgroundColor: color.surface,
          borderWidth: size.hairline,
          borderStyle: 'solid',
          borderColor: error ? color.danger : color.borderStrong,
          borderRadius: radius.m,
        },
      })}
      {error ? (
        <Text variant="caption" tone="dangerText" id={`${id}-error`} role="alert">
          {error}
        </Text>
      ) : null}
    </Box>
  );
}
