import { useId, useState } from 'react';
import { TextInput, type TextInputProps, type TextStyle } from 'react-native';

import { webProps } from '../interaction';
import { Box, fontFamily, Row, Text } from '../primitives';
import { useTheme } from '../theme';
import { radius, scaledType, size, space } from '../tokens';
import { FieldLabel } from './Field';

type Props = Omit<TextInputProps, 'style' | 'id'> & {
  label: string;
  hint?: string;
  error?: string | null;
  /** Unit shown behind the input. */
  suffix?: string;
  hideLabel?: boolean;
};

export function TextField({ label, hint, error, suffix, hideLabel, multiline, ...rest }: Props) {
  const { color, scheme, textScale } = useTheme();
  const id = useId();
  const [focused, setFocused] = useState(false);
  const described = [hint ? `${id}-hint` : null, error ? `${id}-error` : null].filter(Boolean).join(' ');
  const style: TextStyle = {
    ...scaledType('body', textScale),
    fontFamily,
    fontVariant: ['tabular-nums'],
    color: color.text,
    borderRadius: radius.m,
    flex: 1,
    minWidth: 0,
    minHeight: multiline ? size.control * 2 : size.control - 2,
    paddingHorizontal: space.m,
    paddingVertical: space.s,
    textAlignVertical: multiline ? 'top' : 'center',
  };
  return (
    <Box gap="xs">
      {hideLabel ? null : <FieldLabel htmlFor={id}>{label}</FieldLabel>}
      <Row
        background="surface"
        radius="m"
        style={{
          borderWidth: size.hairline,
          borderColor: error ? color.danger : focused ? color.focus : color.borderStrong,
        }}
      >
        <TextInput
          {...rest}
          {...webProps({
            'aria-describedby': described || undefined,
            'aria-invalid': error ? true : undefined,
            'data-scheme': scheme,
          })}
          id={id}
          aria-label={hideLabel ? label : undefined}
          multiline={multiline}
          placeholderTextColor={color.textSecondary}
          onFocus={(event) => {
            setFocused(true);
            rest.onFocus?.(event);
          }}
          onBlur={(event) => {
            setFocused(false);
            rest.onBlur?.(event);
          }}
          style={style}
        />
        {suffix ? (
          <Box paddingX="m">
            <Text variant="label" tone="textSecondary">
              {suffix}
            </Text>
          </Box>
        ) : null}
      </Row>
      {hint ? (
        <Text variant="caption" tone="textSecondary" id={`${id}-hint`}>
          {hint}
        </Text>
      ) : null}
      {error ? (
        <Text variant="caption" tone="dangerText" id={`${id}-error`} role="alert">
          {error}
        </Text>
      ) : null}
    </Box>
  );
}
