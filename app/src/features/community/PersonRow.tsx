import type { ReactNode } from 'react';

import { Box, Button, Row, Text } from '@/design';

import type { Person } from './communityQueries';

/** A person in a list, with what can be done at the right. */
export function PersonRow({ person, children }: { person: Person; children?: ReactNode }) {
  return (
    <Row gap="m" justify="space-between" wrap role="listitem">
      <Box shrink>
        <Button
          href={`/community/people/${person.handle}`}
          label={person.name}
          variant="quiet"
          flush="start"
          small
        />
        <Text variant="caption" tone="textSecondary">
          @{person.handle}
        </Text>
      </Box>
      {children ? <Row gap="s">{children}</Row> : null}
    </Row>
  );
}
