import type { ReactNode } from 'react';

import { Icon, type IconName } from '../icons';
import { Box, Text } from '../primitives';
import { size } from '../tokens';
import { Button } from './Button';

/** Nothing here yet, and what to do about it. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon: IconName;
  title: string;
  children: string;
  action?: ReactNode;
}) {
  return (
    <Box align="center" gap="m" paddingY="xxl" paddingX="l">
      <Box background="accentSoft" radius="pill" padding="l">
        <Icon name={icon} size={size.iconXl} tone="accentText" />
      </Box>
      <Box gap="xs" align="center" maxWidth={size.contentNarrow}>
        <Text variant="heading" level={2} align="center">
          {title}
        </Text>
        <Text tone="textSecondary" align="center">
          {children}
        </Text>
      </Box>
      {action ? <Box align="center">{action}</Box> : null}
    </Box>
  );
}

/** Something failed: what, what to do, and a way to try again. */
export function ErrorState({
  title,
  message,
  remedy,
  retryLabel,
  onRetry,
}: {
  title: string;
  message: string;
  remedy?: string | null;
  retryLabel: string;
  onRetry?: () => void;
}) {
  return (
    <Box role="alert" align="center" gap="m" paddingY="xxl" paddingX="l">
      <Box background="dangerSoft" radius="pill" padding="l">
        <Icon name="alert" size={size.iconXl} tone="dangerText" />
      </Box>
      <Box gap="xs" align="center" maxWidth={size.contentNarrow}>
        <Text variant="heading" level={2} align="center">
          {title}
        </Text>
        <Text tone="textSecondary" align="center">
          {message}
        </Text>
        {remedy ? <Text align="center">{remedy}</Text> : null}
      </Box>
      {onRetry ? <Button label={retryLabel} variant="secondary" align="center" onPress={onRetry} /> : null}
    </Box>
  );
}
