import { useQuery } from '@tanstack/react-query';
import { useLocalSearchParams } from 'expo-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { isNotFound } from '@/api/errors';
import { connectionCalendarQuery, connectionQuery, connectionsQuery, meQuery } from '@/api/queries';
import type { ConnectionDetail, MissedActivity, SyncRun } from '@/api/types';
import {
  Badge,
  Banner,
  Box,
  Button,
  Card,
  Columns,
  EmptyState,
  Row,
  Screen,
  Stat,
  StatGrid,
  Table,
  Text,
  useLayout,
  useToast,
} from '@/design';
import { QueryState } from '@/features/shell/QueryState';
import { useErrorText, useServerWords } from '@/features/shell/useErrorText';
import { ContinueWelcome } from '@/features/welcome/ContinueWelcome';
import { useFormat } from '@/i18n/useFormat';
import { addDays } from '@/lib/time';

import { DisconnectDialog } from './DisconnectDialog';
import { FetchRange } from './FetchRange';
import { GapCalendar } from './GapCalendar';
import { healthOf, healthTone } from './health';
import { Connect, RunProgress, SyncProblem } from './ServiceCard';
import { useFetchAgain } from './useConnections';
import { useServiceName } from './words';

const CALENDAR_WEEKS = { wide: 26, narrow: 22 };
const outcomes = ['imported', 'merged', 'duplicate', 'rejected', 'unavailable', 'failed'] as const;

/** One connection: what arrived, what is missing, what failed and why. */
export function ConnectionScreen() {
  const { t } = useTranslation();
  const { id } = useLocalSearchParams<{ id: string }>();
  const connection = useQuery(connectionQuery(id));
  const back = { href: '/devices', label: t('devices.title') } as const;
  if (connection.data !== undefined) return <Loaded connection={connection.data} />;
  return (
    <Screen title={t('devices.title')} back={back}>
      {isNotFound(connection.error) ? (
        <EmptyState icon="question" title={t('devices.goneTitle')}>
          {t('devices.goneBody')}
        </EmptyState>
      ) : (
        <QueryState query={connection} skeleton={{ count: 3, height: 160 }}>
          {() => null}
        </QueryState>
      )}
    </Screen>
  );
}

function Loaded({ connection }: { connection: ConnectionDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const toast = useToast();
  const [leaving, setLeaving] = useState(false);
  const fetchAgain = useFetchAgain(connection.id, () => toast(t('devices.fetchQueued')));
  const { isWide } = useLayout();
  const weeks = isWide ? CALENDAR_WEEKS.wide : CALENDAR_WEEKS.narrow;
  const to = format.today();
  const me = useQuery(meQuery());
  const calendar = useQuery(connectionCalendarQuery(connection.id, addDays(to, 1 - 7 * weeks), to));
  const name = useServiceName()(connection.provider, connection.provider_name);
  const isActive = connection.state === 'active';
  const fetchDays = ({ first, last }: { first: string; last: string }) =>
    fetchAgain.mutate({ first_day: first, last_day: last });
  return (
    <Screen
      title={name}
      subtitle={connection.account_name ? t('devices.account', { name: connection.account_name }) : undefined}
      back={{ href: '/devices', label: t('devices.title') }}
    >
      {me.data ? <ContinueWelcome athleteId={me.data.id} /> : null}
      {fetchAgain.error ? <Banner tone="danger" urgent title={errorText(fetchAgain.error).message} /> : null}
      <Columns
        main={
          <>
            <Status
              connection={connection}
              busy={fetchAgain.isPending}
              onLook={() => fetchAgain.mutate(null)}
            />
            <Card title={t('devices.calendar')} caption={t('devices.calendarCaption')}>
              <QueryState query={calendar} skeleton={{ count: 1, height: 160 }}>
                {(body) => (
                  <GapCalendar calendar={body} busy={!isActive || fetchAgain.isPending} onFetch={fetchDays} />
                )}
              </QueryState>
            </Card>
            <Missed items={connection.missed} />
            <History runs={connection.runs} />
          </>
        }
        aside={
          <>
            {isActive ? <FetchRange busy={fetchAgain.isPending} onFetch={fetchDays} /> : null}
            <Card title={t('devices.disconnect')} caption={t('devices.disconnectBody')}>
              <Button
                label={t('devices.disconnect')}
                variant="secondary"
                disabled={connection.state === 'disconnecting'}
                onPress={() => setLeaving(true)}
              />
            </Card>
          </>
        }
      />
      <DisconnectDialog connection={connection} open={leaving} onClose={() => setLeaving(false)} />
    </Screen>
  );
}

function Status({
  connection,
  busy,
  onLook,
}: {
  connection: ConnectionDetail;
  busy: boolean;
  onLook: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const health = healthOf(connection);
  const offers = useQuery(connectionsQuery());
  const offer = offers.data?.providers.find((one) => one.provider === connection.provider);
  const at = (instant: string | null) => (instant === null ? t('devices.never') : format.instant(instant));
  return (
    <Card title={t('devices.counts')}>
      <Badge label={t(`devices.state.${health}`)} tone={healthTone[health]} />
      <RunProgress connection={connection} />
      <SyncProblem connection={connection} />
      {connection.state === 'needs_sign_in' && offer ? <Connect offer={offer} again /> : null}
      {connection.missing_permissions.length > 0 ? (
        <Banner
          tone="warning"
          title={t('devices.missingPermissions', { names: connection.missing_permissions.join(', ') })}
        />
      ) : null}
      <Fact label={t('devices.lastSuccess')} value={at(connection.last_success_at)} />
      <Fact label={t('devices.lastAttempt')} value={at(connection.last_attempt_at)} />
      <Fact
        label={t('devices.importedFrom')}
        value={format.day(connection.import_from, { day: 'numeric', month: 'short', year: 'numeric' })}
      />
      {connection.folder ? <Fact label={t('devices.folder')} value={connection.folder} /> : null}
      {connection.kinds.includes('activities') ? (
        <StatGrid>
          {outcomes.map((outcome) => (
            <Stat
              key={outcome}
              label={t(`devices.count.${outcome}`)}
              value={format.number(connection.counts[outcome])}
            />
          ))}
        </StatGrid>
      ) : null}
      {connection.state === 'active' ? (
        <Button label={t('devices.look')} variant="secondary" busy={busy} onPress={onLook} />
      ) : null}
    </Card>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <Row justify="space-between" gap="m" wrap>
      <Text variant="caption" tone="textSecondary">
        {label}
      </Text>
      <Text variant="caption">{value}</Text>
    </Row>
  );
}

function Missed({ items }: { items: readonly MissedActivity[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useServerWords();
  if (items.length === 0) return null;
  return (
    <Card title={t('devices.missed')} caption={t('devices.missedCaption')}>
      <Box gap="m">
        {items.map((item) => {
          const problem = item.problem
            ? words(item.problem.code, item.problem.message, item.problem.remedy ?? null)
            : null;
          return (
            <Box key={item.external_id} gap="xxs">
              <Text variant="label">
                {item.title ?? t('devices.untitled')}
                {item.local_date
                  ? ` · ${format.day(item.local_date, { day: 'numeric', month: 'short', year: 'numeric' })}`
                  : ''}
              </Text>
              {problem ? (
                <Text variant="caption" tone="textSecondary">
                  {[problem.message, problem.remedy].filter(Boolean).join(' ')}
                </Text>
              ) : null}
            </Box>
          );
        })}
      </Box>
    </Card>
  );
}

function History({ runs }: { runs: readonly SyncRun[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (runs.length === 0) return null;
  return (
    <Card title={t('devices.history')}>
      <Table
        label={t('devices.history')}
        items={runs}
        keyOf={(run) => run.id}
        columns={[
          {
            id: 'when',
            title: t('devices.when'),
            minWidth: 130,
            cell: (run) =>
              format.instant(run.created_at, {
                day: 'numeric',
                month: 'short',
                hour: 'numeric',
                minute: '2-digit',
              }),
          },
          {
            id: 'what',
            title: t('devices.what'),
            minWidth: 140,
            cell: (run) => t(`devices.run.${run.kind}`),
          },
          {
            id: 'result',
            title: t('devices.result'),
            minWidth: 110,
            cell: (run) => t(`devices.runState.${run.state}`),
          },
          {
            id: 'brought',
            title: t('devices.brought'),
            minWidth: 170,
            cell: (run) =>
              [
                t('devices.broughtActivities', { count: run.counts.imported + run.counts.merged }),
                t('devices.broughtValues', { count: run.values_stored }),
              ].join(', '),
          },
        ]}
      />
    </Card>
  );
}
