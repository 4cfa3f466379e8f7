import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { Box, Text } from '@/design';
import { consentsQuery } from '@/features/formChecks/formQueries';
import { QueryState } from '@/features/shell/QueryState';

import { ConsentChoice } from './ConsentChoice';
import type { Purpose } from './consents';

/** What holds for all of them, and several purposes under each other, each with its own yes. */
export function ConsentChoices({ purposes }: { purposes: readonly Purpose[] }) {
  const { t } = useTranslation();
  const consents = useQuery(consentsQuery());
  return (
    <QueryState query={consents} skeleton={{ count: purposes.length, height: 80 }}>
      {({ items }) => (
        <Box gap="m">
          <Text variant="caption" tone="textSecondary">
            {t('consent.common')}
          </Text>
          {items
            .filter((item) => purposes.includes(item.purpose))
            .sort((a, b) => purposes.indexOf(a.purpose) - purposes.indexOf(b.purpose))
            .map((item) => (
              <ConsentChoice key={item.purpose} consent={item} />
            ))}
        </Box>
      )}
    </QueryState>
  );
}
