import { useId } from 'react';

import { domControl } from '../dom';
import { Icon } from '../icons';
import { Box, Text } from '../primitives';
import { useTheme } from '../theme';
import { size, space } from '../tokens';
import { FieldLabel } from './Field';
import type { SelectProps } from './selectTypes';

const ARROWS = new Set(['ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight']);

/** The platform's own list, which brings keyboard and screen-reader behaviour people know. */
export function Select<Value extends string>({
  label,
  hideLabel,
  hint,
  value,
  options,
  opensFirst,
  onChange,
}: SelectProps<Value>) {
  const { color, textScale } = useTheme();
  const id = useId();
  return (
    <Box gap="xs">
      {hideLabel ? null : <FieldLabel htmlFor={id}>{label}</FieldLabel>}
      <Box>
        <select
          id={id}
          value={value}
          aria-label={hideLabel ? label : undefined}
          aria-describedby={hint ? `${id}-hint` : undefined}
          onKeyDown={(event) => {
            if (!opensFirst || !ARROWS.has(event.key) || event.altKey) return;
            event.preventDefault();
            event.currentTarget.showPicker();
          }}
          onChange={(event) => {
            const picked = options.find((option) => option.value === event.target.value);
            if (picked) onChange(picked.value);
          }}
          style={{
            ...domControl(color, textScale),
            paddingInline: `${space.m}px ${space.xxl}px`,
            appearance: 'none',
            cursor: 'pointer',
            textOverflow: 'ellipsis',
          }}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <Box
          justify="center"
          style={{ position: 'absolute', end: space.m, top: 0, bottom: 0, pointerEvents: 'none' }}
        >
          <Icon name="chevronDown" size={size.iconS} tone="textSecondary" />
        </Box>
      </Box>
      {hint ? (
        <Text variant="caption" tone="textSecondary" id={`${id}-hint`}>
          {hint}
        </Text>
      ) : null}
    </Box>
  );
}
