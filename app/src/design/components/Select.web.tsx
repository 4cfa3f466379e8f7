import { type ChangeEvent, useId } from 'react';
import { unstable_createElement } from 'react-native-web';

import { Icon } from '../icons';
import { Box, fontFamily, Text } from '../primitives';
import { useTheme } from '../theme';
import { radius, size, space, type as typeScale } from '../tokens';
import { FieldLabel } from './Field';
import type { SelectProps } from './selectTypes';

/** The platform's own list, which brings keyboard and screen-reader behaviour people know. */
export function Select<Value extends string>({
  label,
  hideLabel,
  hint,
  value,
  options,
  onChange,
}: SelectProps<Value>) {
  const { color } = useTheme();
  const id = useId();
  const select = unstable_createElement('select', {
    id,
    value,
    'aria-label': hideLabel ? label : undefined,
    'aria-describedby': hint ? `${id}-hint` : undefined,
    onChange: (event: ChangeEvent<HTMLSelectElement>) => {
      const picked = options.find((option) => option.value === event.target.value);
      if (picked) onChange(picked.value);
    },
    style: {
      ...typeScale.body,
      fontFamily,
      color: color.text,
      backgroundColor: color.surface,
      borderWidth: size.hairline,
      borderStyle: 'solid',
      borderColor: color.borderStrong,
      borderRadius: radius.m,
      minHeight: size.control,
      paddingLeft: space.m,
      paddingRight: space.xxl,
      appearance: 'none',
      cursor: 'pointer',
    },
    children: options.map((option) => (
      <option key={option.value} value={option.value}>
        {option.label}
      </option>
    )),
  });
  return (
    <Box gap="xs">
      {hideLabel ? null : <FieldLabel htmlFor={id}>{label}</FieldLabel>}
      <Box>
        {select}
        <Box
          justify="center"
          style={{ position: 'absolute', right: space.m, top: 0, bottom: 0, pointerEvents: 'none' }}
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
