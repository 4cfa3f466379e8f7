import type { ReactNode } from 'react';

import { Box, Row, Text } from '../primitives';
import { type ColorName, size } from '../tokens';
import { Grid } from './Grid';

/** One number with its name and unit. `null` shows a dash: not observed is not zero. */
export function Stat({
  label,
  value,
  unit,
  large,
  swatch,
  note,
  missingLabel,
}: {
  label: string;
  value: string | null;
  unit?: string;
  large?: boolean;
  /** Colour of the series this number belongs to. */
  swatch?: ColorName;
  note?: string;
  /** Read by screen readers when there is no value. */
  missingLabel?: string;
}) {
  return (
    <Box gap="xxs">
      <Row gap="xs">
        {swatch ? (
          <Box background={swatch} radius="s" width={size.dot} height={size.dot} aria-hidden />
        ) : null}
        <Text variant="caption" tone="textSecondary">
          {label}
        </Text>
      </Row>
      <Row align="baseline" gap="xs">
        <Text variant={large ? 'statLarge' : 'stat'} aria-label={value === null ? missingLabel : undefined}>
          {value ?? '–'}
        </Text>
        {unit && value !== null ? (
          <Text variant="label" tone="textSecondary">
            {unit}
          </Text>
        ) : null}
      </Row>
      {note ? (
        <Text variant="caption" tone="textSecondary">
          {note}
        </Text>
      ) : null}
    </Box>
  );
}

/** Numbers in columns that fold to the width there is. */
export function StatGrid({ children, minWidth = 104 }: { children: ReactNode; minWidth?: number }) {
  return <Grid minWidth={minWidth}>{children}</Grid>;
}
