import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { Box, Card, ListRow, Text } from '@/design';
import { useFormat } from '@/i18n/useFormat';

import { labelRequestsQuery } from './formQueries';
import { useFormWords } from './useFormWords';

/** Recordings that others ask this athlete to label; nothing where nobody asks. */
export function LabelRequests() {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useFormWords();
  const requests = useQuery(labelRequestsQuery());
  const items = requests.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Card title={t('label.requests')} caption={t('label.requestsCaption')}>
      <Box role="list" gap="s">
        {items.map((item) => (
          <Box key={item.form_check_id} role="listitem">
            <ListRow href={`/form-checks/${item.form_check_id}/label`}>
              <Text variant="bodyStrong">{item.asked_by}</Text>
              <Text variant="caption" tone="textSecondary">
                {[
                  words.exercise(item.exercise),
                  format.clock(item.duration_s),
                  t(item.has_labelled ? 'label.requestDone' : 'label.requestOpen'),
                ].join(' · ')}
              </Text>
            </ListRow>
          </Box>
        ))}
      </Box>
    </Card>
  );
}
