import type { ReactNode } from 'react';

import { Icon, type IconName } from '../icons';
import { Box, Row, Text } from '../primitives';
import { type Tone, toneColors } from './Badge';

/** A message in the flow of the page; `urgent` ones are announced at once. */
export function Banner({
  tone = 'info',
  title,
  children,
  icon,
  action,
  urgent,
}: {
  tone?: Tone;
  title: string;
  children?: ReactNode;
  icon?: IconName;
  action?: ReactNode;
  urgent?: boolean;
}) {
  const look = toneColors[tone];
  return (
    <Row
      role={urgent ? 'alert' : 'status'}
      background={look.background}
      radius="m"
      padding="m"
      gap="m"
      align="flex-start"
    >
      <Icon name={icon ?? look.icon} tone={look.text} />
      <Box flex={1} gap="xs">
        <Text variant="label" tone={look.text} strong>
          {title}
        </Text>
        {typeof children === 'string' ? <Text variant="caption">{children}</Text> : children}
        {action}
      </Box>
    </Row>
  );
}
