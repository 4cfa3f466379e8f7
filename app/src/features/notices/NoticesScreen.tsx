import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import {
  Badge,
  Banner,
  Box,
  Button,
  EmptyState,
  Icon,
  ListRow,
  NearEnd,
  type Path,
  Row,
  Screen,
  Text,
  useLayout,
} from '@/design';
import { QueryState } from '@/features/shell/QueryState';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import { iconOf } from './noticeParts';
import { type Notice, noticesQuery, readNotices, useNoticeChange } from './noticeQueries';

/** What one was told of, newest first. */
export function NoticesScreen() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { layout } = useLayout();
  const list = useInfiniteQuery(noticesQuery());
  const read = useNoticeChange(readNotices);
  const unread = list.data?.pages[0]?.unread ?? 0;
  return (
    <Screen
      title={t('notices.title')}
      width="reading"
      back={layout === 'phone' ? { href: '/', label: t('nav.today') } : undefined}
      actions={
        <>
          {unread > 0 ? (
            <Button
              label={t('notices.readAll')}
              icon="check"
              variant="secondary"
              busy={read.isPending && read.variables === null}
              onPress={() => read.mutate(null)}
            />
          ) : null}
          <Button href="/notices/settings" label={t('notices.settings')} variant="secondary" />
        </>
      }
      onRefresh={() => void list.refetch()}
      refreshing={list.isRefetching}
    >
      {read.error ? <Banner tone="danger" urgent title={errorText(read.error).message} /> : null}
      <QueryState query={list} skeleton={{ count: 4, height: 64 }}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return (
              <EmptyState icon="bell" title={t('notices.emptyTitle')}>
                {t('notices.emptyBody')}
              </EmptyState>
            );
          return (
            <Box gap="s" role="list">
              {items.map((notice) => (
                <NoticeRow key={notice.id} notice={notice} onOpen={() => read.mutate([notice.id])} />
              ))}
              {list.hasNextPage ? <NearEnd onNear={() => void list.fetchNextPage()} /> : null}
            </Box>
          );
        }}
      </QueryState>
    </Screen>
  );
}

function NoticeRow({ notice, onOpen }: { notice: Notice; onOpen: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = notice.by?.name ?? notice.service ?? '';
  const day = notice.day ? format.day(notice.day, { weekday: 'long', day: 'numeric', month: 'long' }) : '';
  const words = t(`notices.told.${notice.kind}`, { name, day });
  return (
    <Box role="listitem">
      <ListRow href={notice.path as Path} onOpen={notice.is_read ? undefined : onOpen}>
        <Row gap="m" align="flex-start">
          <Box paddingY="xxs">
            <Icon name={iconOf(notice)} tone={notice.is_read ? 'textSecondary' : 'accentText'} />
          </Box>
          <Box gap="xxs" flex={1} shrink>
            <Text strong={!notice.is_read}>{words}</Text>
            <Text variant="caption" tone="textSecondary">
              {format.instant(notice.created_at)}
            </Text>
          </Box>
          {notice.is_read ? null : <Badge label={t('notices.newBadge')} tone="accent" />}
        </Row>
      </ListRow>
    </Box>
  );
}
