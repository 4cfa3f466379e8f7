import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import { Box, Button, Card, Text } from '@/design';
import { MoreButton } from '@/features/shell/MoreButton';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';

const PAGE_SIZE = 30;

const historyQuery = () =>
  infiniteQueryOptions({
    queryKey: [...keys.security, 'history'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answer(
        api().GET('/api/v1/accounts/me/history', {
          params: { query: { limit: PAGE_SIZE, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

/** What happened to the account in the last year, for who wants to know. */
export function AccountHistory() {
  const { t } = useTranslation();
  const [isShown, setShown] = useState(false);
  return (
    <Card title={t('security.history')}>
      <Text tone="textSecondary">{t('security.historyLead')}</Text>
      {isShown ? (
        <Events />
      ) : (
        <Button
          label={t('security.historyShow')}
          variant="quiet"
          flush="start"
          onPress={() => setShown(true)}
        />
      )}
    </Card>
  );
}

function Events() {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useInfiniteQuery(historyQuery());
  return (
    <QueryState query={list} skeleton={{ count: 4, height: 40 }}>
      {({ pages }) => (
        <Box gap="l">
          <Box gap="m" role="list" aria-label={t('security.history')}>
            {pages
              .flatMap((page) => page.items)
              .map((event) => (
                <Box key={event.id} role="listitem">
                  <Text>
                    {[t(`security.happened.${event.what}`), event.about].filter(Boolean).join(' · ')}
                  </Text>
                  <Text variant="caption" tone="textSecondary">
                    {format.instant(event.created_at)}
                  </Text>
                </Box>
              ))}
          </Box>
          <MoreButton list={list} />
        </Box>
      )}
    </QueryState>
  );
}
