import type { ReactNode } from 'react';

import { Box, type BoxProps, Row, Text } from '../primitives';

/** A surface that holds one subject; `title` is its heading. */
export function Card({
  title,
  caption,
  action,
  children,
  level = 2,
  ...rest
}: BoxProps & {
  title?: string;
  caption?: string;
  action?: ReactNode;
  children?: ReactNode;
  level?: 2 | 3;
}) {
  return (
    <Box background="surface" border radius="l" padding="l" gap="m" {...rest}>
      {title ? (
        <Row justify="space-between" gap="m" align={caption ? 'flex-start' : 'center'}>
          <Box gap="xxs" shrink>
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
