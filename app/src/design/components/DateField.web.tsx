import { useId } from 'react';

import { domControl } from '../dom';
import { Box, Text } from '../primitives';
import { useTheme } from '../theme';
import type { DateFieldProps } from './dateFieldTypes';
import { FieldLabel } from './Field';

/** The browser's own date picker. */
export function DateField({ label, value, min, error, onChange }: DateFieldProps) {
  const { color, textScale } = useTheme();
  const id = useId();
  return (
    <Box gap="xs">
      <FieldLabel htmlFor={id}>{label}</FieldLabel>
      <input
        id={id}
        type="date"
        value={value}
        min={min}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-error` : undefined}
        onChange={(event) => onChange(event.target.value)}
        style={domControl(color, textScale, Boolean(error))}
      />
      {error ? (
        <Text variant="caption" tone="dangerText" id={`${id}-error`} role="alert">
          {error}
        </Text>
      ) : null}
    </Box>
  );
}
