import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import type { components } from '@/api/schema';
import { Banner, Button, Card, Screen } from '@/design';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';

import { queuesQuery } from './adminQueries';
import { ForRole } from './ForRole';
import { Records, type WordColumn } from './Records';

type Queue = components['schemas']['QueueState'];

/** How the worker's queues are doing: what waits, what runs, what was given up. */
export function QueuesScreen() {
  const { t } = useTranslation();
  return (
    <ForRole roles={['admin']} title={t('admin.jobs.title')}>
      <Queues />
    </ForRole>
  );
}

function Queues() {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const queues = useQuery(queuesQuery());
  const name = (queue: string) => {
    const key = `admin.jobs.queue.${queue}`;
    return i18n.exists(key) ? t(key as 'admin.jobs.queue.default') : queue;
  };
  const columns: [WordColumn<Queue>, ...WordColumn<Queue>[]] = [
    {
      id: 'queue',
      title: t('admin.jobs.name'),
      grow: 3,
      minWidth: 130,
      cell: ({ queue }) => name(queue),
    },
    ...(['waiting', 'running', 'scheduled', 'failed'] as const).map((id): WordColumn<Queue> => ({
      id,
      title: t(`admin.jobs.${id}`),
      numeric: true,
      minWidth: 84,
      cell: (one) => format.number(one[id]),
    })),
    {
      id: 'wait',
      title: t('admin.jobs.longestWait'),
      numeric: true,
      minWidth: 96,
      cell: (one) => (one.longest_wait_s === null ? '–' : format.clock(one.longest_wait_s)),
    },
  ];
  return (
    <Screen
      title={t('admin.jobs.title')}
      subtitle={t('admin.jobs.subtitle')}
      back={{ href: '/admin', label: t('admin.title') }}
      width="reading"
      actions={
        <Button
          label={t('admin.jobs.again')}
          variant="secondary"
          busy={queues.isFetching}
          onPress={() => void queues.refetch()}
        />
      }
      onRefresh={() => void queues.refetch()}
      refreshing={queues.isRefetching}
    >
      <QueryState query={queues} skeleton={{ count: 1, height: 200 }}>
        {({ queues: found }) => {
          const failed = found.reduce((sum, queue) => sum + queue.failed, 0);
          return (
            <Card title={t('admin.jobs.list')}>
              {failed > 0 ? (
                <Banner tone="warning" title={t('admin.jobs.failedCount', { count: failed })}>
                  {t('admin.jobs.failedText')}
                </Banner>
              ) : null}
              <Records
                label={t('admin.jobs.list')}
                columns={columns}
                items={found}
                keyOf={(one) => one.queue}
              />
            </Card>
          );
        }}
      </QueryState>
    </Screen>
  );
}
