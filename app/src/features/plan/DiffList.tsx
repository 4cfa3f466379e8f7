import { useTranslation } from 'react-i18next';

import { Box, Button, Icon, type IconName, Row, Text } from '@/design';
import { useFormat } from '@/i18n/useFormat';
import { useState } from 'react';

import type { DiffEntry } from './planQueries';

const ICONS: Record<DiffEntry['action'], IconName> = { removed: 'trash', added: 'plus', changed: 'plan' };
const FEW = 5;

/** Session by session, what would be different. */
export function DiffList({ entries }: { entries: readonly DiffEntry[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [all, setAll] = useState(false);
  const words = (side: DiffEntry['before']) => {
    if (side === null) return '';
    const minutes = typeof side.minutes === 'number' ? side.minutes : 0;
    return `${String(side.title ?? '')} (${t('duration.min', { value: format.number(minutes) })})`;
  };
  return (
    <Box gap="xs">
      <Box gap="xs" role="list">
        {(all ? entries : entries.slice(0, FEW)).map((entry, index) => (
          <Row key={index} gap="s" align="flex-start" role="listitem">
            <Icon name={ICONS[entry.action]} tone="textSecondary" />
            <Box flex={1} minWidth={0}>
              <Text variant="label">
                {format.day(entry.date, { weekday: 'short', day: 'numeric', month: 'short' })}
              </Text>
              <Text variant="caption" tone="textSecondary">
                {t(`planChange.${entry.action}`, { before: words(entry.before), after: words(entry.after) })}
              </Text>
            </Box>
          </Row>
        ))}
      </Box>
      {entries.length > FEW ? (
        <Button
          label={t(all ? 'planChange.fewer' : 'planChange.all', { count: entries.length })}
          variant="quiet"
          small
          flush="start"
          onPress={() => setAll(!all)}
        />
      ) : null}
    </Box>
  );
}
