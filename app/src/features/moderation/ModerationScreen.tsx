import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Box, Card, EmptyState, Screen, SegmentedControl, Text } from '@/design';
import { MoreButton } from '@/features/shell/MoreButton';
import { ForRole } from '@/features/administration/ForRole';
import { QueryState } from '@/features/shell/QueryState';

import { AppealCard } from './AppealCard';
import { appealsQuery, reportsQuery, type Signal, signalsQuery } from './moderationQueries';
import { ReportCard } from './ReportCard';
import { SignalCard } from './SignalCard';

type View = 'open' | 'decided' | 'appeals' | 'signals';

/** What people reported, appealed against or what stood out, the oldest first, and what was decided about it. */
export function ModerationScreen() {
  const { t } = useTranslation();
  const [view, setView] = useState<View>('open');
  const subject = view === 'appeals' || view === 'signals' ? view : 'reports';
  return (
    <ForRole roles={['moderator', 'admin']} title={t('moderation.title')}>
      <Screen
        title={t('moderation.title')}
        subtitle={t(`moderation.subtitle.${subject}`)}
        back={{ href: '/profile', label: t('profile.title') }}
        width="reading"
      >
        <SegmentedControl<View>
          label={t('moderation.view')}
          value={view}
          onChange={setView}
          options={[
            { value: 'open', label: t('moderation.open') },
            { value: 'decided', label: t('moderation.decided') },
            { value: 'appeals', label: t('moderation.appeals') },
            { value: 'signals', label: t('moderation.signals') },
          ]}
        />
        {view === 'signals' ? (
          <Signals />
        ) : view === 'appeals' ? (
          <>
            <Appeals answered={false} />
            <Appeals answered />
          </>
        ) : (
          <Reports key={view} decided={view === 'decided'} />
        )}
      </Screen>
    </ForRole>
  );
}

function Reports({ decided }: { decided: boolean }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(reportsQuery(decided));
  return (
    <QueryState query={list} skeleton={{ count: 3, height: 180 }}>
      {({ pages }) => {
        const reports = pages.flatMap((page) => page.items);
        if (reports.length === 0) {
          return (
            <Card>
              {decided ? (
                <Text tone="textSecondary">{t('moderation.noneDecided')}</Text>
              ) : (
                <EmptyState icon="check" title={t('moderation.none')}>
                  {t('moderation.noneText')}
                </EmptyState>
              )}
            </Card>
          );
        }
        return (
          <Box gap="m">
            <Box gap="m" role="list" aria-label={t(decided ? 'moderation.decided' : 'moderation.open')}>
              {reports.map((report) => (
                <Box key={report.id} role="listitem">
                  <ReportCard report={report} />
                </Box>
              ))}
            </Box>
            <MoreButton list={list} />
          </Box>
        );
      }}
    </QueryState>
  );
}

function Signals() {
  const { t } = useTranslation();
  const open = useQuery(signalsQuery(false));
  const decided = useQuery(signalsQuery(true));
  return (
    <>
      <Text tone="textSecondary">{t('moderation.signal.about')}</Text>
      <QueryState query={open} skeleton={{ count: 2, height: 180 }}>
        {({ items, open: waiting }) =>
          items.length === 0 ? (
            <Card>
              <EmptyState icon="check" title={t('moderation.signal.none')}>
                {t('moderation.signal.noneText')}
              </EmptyState>
            </Card>
          ) : (
            <>
              <SignalList label={t('moderation.open')} items={items} />
              {waiting > items.length ? (
                <Text variant="caption" tone="textSecondary">
                  {t('moderation.signal.more', { count: waiting - items.length })}
                </Text>
              ) : null}
            </>
          )
        }
      </QueryState>
      <QueryState query={decided} skeleton={{ count: 1, height: 120 }}>
        {({ items }) =>
          items.length === 0 ? null : <SignalList label={t('moderation.decided')} items={items} titled />
        }
      </QueryState>
    </>
  );
}

function SignalList({
  label,
  items,
  titled = false,
}: {
  label: string;
  items: readonly Signal[];
  titled?: boolean;
}) {
  return (
    <Box gap="m">
      {titled ? <Text variant="label">{label}</Text> : null}
      <Box gap="m" role="list" aria-label={label}>
        {items.map((signal) => (
          <Box key={signal.id} role="listitem">
            <SignalCard signal={signal} />
          </Box>
        ))}
      </Box>
    </Box>
  );
}

function Appeals({ answered }: { answered: boolean }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(appealsQuery(answered));
  const title = t(answered ? 'moderation.answered' : 'moderation.open');
  return (
    <Card title={title}>
      <QueryState query={list} skeleton={{ count: 1, height: 120 }}>
        {({ pages }) => {
          const appeals = pages.flatMap((page) => page.items);
          if (appeals.length === 0) {
            return (
              <Text tone="textSecondary">
                {t(answered ? 'moderation.noneAnswered' : 'moderation.noAppeals')}
              </Text>
            );
          }
          return (
            <Box gap="m">
              <Box gap="m" role="list" aria-label={title}>
                {appeals.map((appeal) => (
                  <Box key={appeal.id} role="listitem">
                    <AppealCard appeal={appeal} />
                  </Box>
                ))}
              </Box>
              <MoreButton list={list} />
            </Box>
          );
        }}
      </QueryState>
    </Card>
  );
}
