import { type ReactNode, useState } from 'react';
import { Platform, Pressable, type ViewStyle } from 'react-native';

import { Icon } from '../icons';
import { webProps } from '../interaction';
import { Box, type BoxProps, Row, Text } from '../primitives';
import { useLayout } from '../theme';

/** Beside an action a title gives way down to its longest word; in large text the action then goes below it. */
const BESIDE = Platform.select({
  web: { flexGrow: 1, flexShrink: 1, flexBasis: 0, minWidth: 'min-content' } as unknown as ViewStyle,
  default: { flexShrink: 1 } satisfies ViewStyle,
});

/** A surface that holds one subject; `title` is its heading. With `folds` a phone shows only that until it is tapped. */
export function Card({
  title,
  caption,
  action,
  children,
  level = 2,
  folds,
  ...rest
}: BoxProps & {
  title?: string;
  caption?: string;
  action?: ReactNode;
  children?: ReactNode;
  level?: 2 | 3;
  folds?: boolean;
}) {
  const { layout } = useLayout();
  const [open, setOpen] = useState(false);
  const isFolding = folds === true && layout === 'phone';
  if (isFolding && title)
    return (
      <Box background="surface" border radius="l" padding="l" gap="m" {...rest}>
        <Box role="heading" {...webProps({ 'aria-level': level })}>
          <Pressable role="button" aria-expanded={open} onPress={() => setOpen(!open)}>
            <Row justify="space-between" gap="m">
              <Box gap="xxs" shrink>
                <Text variant="heading">{title}</Text>
                {caption ? (
                  <Text variant="caption" tone="textSecondary">
                    {caption}
                  </Text>
                ) : null}
              </Box>
              <Box style={{ flexShrink: 0 }}>
                <Icon name={open ? 'chevronUp' : 'chevronDown'} tone="textSecondary" />
              </Box>
            </Row>
          </Pressable>
        </Box>
        {open && action ? <Row>{action}</Row> : null}
        {open ? children : null}
      </Box>
    );
  return (
    <Box background="surface" border radius="l" padding="l" gap="m" {...rest}>
      {title ? (
        <Row justify="space-between" gap="m" wrap align={caption ? 'flex-start' : 'center'}>
          <Box gap="xxs" style={BESIDE}>
            <Text variant="heading" level={level}>
              {title}
            </Text>
            {caption ? (
              <Text variant="caption" tone="textSecondary">
                {caption}
              </Text>
            ) : null}
          </Box>
          {action}
        </Row>
      ) : null}
      {children}
    </Box>
  );
}
