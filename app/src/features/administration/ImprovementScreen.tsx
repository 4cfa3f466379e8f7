import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import {
  Badge,
  Banner,
  Box,
  Button,
  Card,
  Columns,
  ProgressBar,
  Row,
  Screen,
  Stat,
  StatGrid,
  Text,
  useToast,
} from '@/design';
import { QueryState } from '@/features/shell/QueryState';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import { type Improvement, improvementQuery, modelsQuery, useAdministration } from './adminQueries';
import { ForRole } from './ForRole';
import { DecidingNumbers, StateBadge, useModelName } from './ModelParts';
import { Records, type WordColumn } from './Records';
import { useFollowedTraining } from './useFollowedTraining';

type Labels = Improvement['labels'][number];
type Judgements = Improvement['judgements'][number];

const DAY = { dateStyle: 'medium' } as const;

/** How the models of this server get better: labels of those who agreed, the last training and its gates, alarms. */
export function ImprovementScreen() {
  const { t } = useTranslation();
  return (
    <ForRole roles={['admin']} title={t('admin.improvement.title')}>
      <Screen
        title={t('admin.improvement.title')}
        subtitle={t('admin.improvement.subtitle')}
        back={{ href: '/admin', label: t('admin.title') }}
      >
        <Loop />
      </Screen>
    </ForRole>
  );
}

function Loop() {
  const improvement = useQuery(improvementQuery());
  return (
    <QueryState query={improvement} skeleton={{ count: 3, height: 180 }}>
      {(found) => (
        <Columns
          main={
            <>
              <Run found={found} />
              <LabelVersions labels={found.labels} />
            </>
          }
          aside={
            <>
              <Alarms alarms={found.alarms} />
              <JudgedSets judgements={found.judgements} />
            </>
          }
        />
      )}
    </QueryState>
  );
}

function Run({ found }: { found: Improvement }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const toast = useToast();
  const follow = useFollowedTraining();
  const ask = useAdministration(
    () => answer(api().POST('/api/v1/admin/improvement/training')),
    ({ is_queued }) => {
      toast(t(is_queued ? 'admin.improvement.queued' : 'admin.improvement.waitsAlready'));
      follow();
    },
  );
  return (
    <Card title={t('admin.improvement.run')}>
      {ask.error ? <Banner tone="danger" urgent title={errorText(ask.error).message} /> : null}
      <Badge
        tone={found.is_on ? 'success' : 'neutral'}
        label={t(found.is_on ? 'admin.improvement.on' : 'admin.improvement.off')}
      />
      <Text>{t(found.is_on ? 'admin.improvement.onText' : 'admin.improvement.offText')}</Text>
      <LastTrained />
      <Shadows shadows={found.shadows} />
      <Hindrances hindrances={found.hindrances} />
      <Button
        label={t('admin.improvement.train')}
        variant="secondary"
        busy={ask.isPending}
        onPress={() => ask.mutate(undefined)}
      />
      <Text variant="caption" tone="textSecondary">
        {t('admin.improvement.trainText')}
      </Text>
    </Card>
  );
}

/** The newest version that was trained here, of every model, and what became of it. */
function LastTrained() {
  const { t } = useTranslation();
  const format = useFormat();
  const modelName = useModelName();
  const models = useQuery(modelsQuery()).data?.models ?? [];
  const trained = models.flatMap(
    (model) => model.versions.find((version) => version.dataset_number !== null) ?? [],
  );
  if (trained.length === 0) return <Text tone="textSecondary">{t('admin.improvement.neverTrained')}</Text>;
  return (
    <Box gap="m" role="list" aria-label={t('admin.improvement.lastTrained')}>
      {trained.map((version) => (
        <Box key={version.model_id} gap="s" role="listitem">
          <Row gap="s" wrap>
            <Text variant="bodyStrong">{modelName(version.model_id)}</Text>
            <StateBadge state={version.state} />
          </Row>
          <StatGrid>
            <Stat
              label={t('admin.improvement.lastTrained')}
              value={format.instant(version.created_at, DAY)}
            />
            <Stat label={t('admin.improvement.asVersion')} value={format.number(version.number)} />
          </StatGrid>
          <Button
            href={`/admin/models/${version.model_id}/${version.number}`}
            label={t('admin.improvement.gates')}
            accessibilityLabel={t('admin.improvement.gatesOf', { number: version.number })}
            variant="quiet"
            small
            flush="start"
          />
        </Box>
      ))}
    </Box>
  );
}

/** How far versions on trial are: they judge new sets beside the version that decides. */
function Shadows({ shadows }: { shadows: Improvement['shadows'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const modelName = useModelName();
  return shadows.map(({ model_id, version, sets, sets_wanted }) => {
    const title = t('admin.improvement.shadowTitle', { model: modelName(model_id), number: version });
    return (
      <Box key={model_id} gap="xs">
        <Text variant="label">{title}</Text>
        <ProgressBar label={title} value={sets / sets_wanted} />
        <Text variant="caption" tone="textSecondary">
          {t('admin.improvement.shadowText', {
            sets: format.number(sets),
            wanted: format.number(sets_wanted),
          })}
        </Text>
      </Box>
    );
  });
}

/** Why a model could not be trained when that was tried last. */
function Hindrances({ hindrances }: { hindrances: Improvement['hindrances'] }) {
  const { t, i18n } = useTranslation();
  const modelName = useModelName();
  return hindrances.map(({ model_id, code, message }) => {
    const key = `admin.improvement.hindrance.${code === 'no_training_examples' ? model_id : code}`;
    const isKnown = i18n.exists(key);
    return (
      <Banner key={model_id} title={t('admin.improvement.hindered', { model: modelName(model_id) })}>
        <Text variant="caption" lang={isKnown ? undefined : 'en'}>
          {isKnown ? t(key as 'admin.improvement.hindrance.push_up_form') : message}
        </Text>
      </Banner>
    );
  });
}

function LabelVersions({ labels }: { labels: readonly Labels[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const modelName = useModelName();
  const several = new Set(labels.map((one) => one.model_id)).size > 1;
  const counted = (id: string): WordColumn<Labels> => ({
    id,
    title: t(`admin.improvement.counts.${id as 'sets'}`),
    numeric: true,
    minWidth: 84,
    cell: ({ counts }) =>
      typeof counts[id as 'sets'] === 'number' ? format.number(counts[id as 'sets']) : '–',
  });
  const columns: [WordColumn<Labels>, ...WordColumn<Labels>[]] = [
    {
      id: 'number',
      title: t('admin.improvement.number'),
      minWidth: 84,
      cell: (one) =>
        several
          ? `${modelName(one.model_id)} ${one.number}`
          : t('admin.models.version', { number: one.number }),
    },
    {
      id: 'day',
      title: t('field.day'),
      grow: 2,
      minWidth: 110,
      cell: (one) => format.instant(one.created_at, DAY),
    },
    ...['people', 'sets', 'wrong', 'held_out_people', 'added', 'removed'].map(counted),
  ];
  return (
    <Card title={t('admin.improvement.labels')} caption={t('admin.improvement.labelsText')}>
      {labels.length === 0 ? (
        <Text tone="textSecondary">{t('admin.improvement.noLabels')}</Text>
      ) : (
        <Records
          label={t('admin.improvement.labels')}
          columns={columns}
          items={labels}
          keyOf={(one) => `${one.model_id} ${one.number}`}
        />
      )}
    </Card>
  );
}

function Alarms({ alarms }: { alarms: Improvement['alarms'] }) {
  const { t } = useTranslation();
  const modelName = useModelName();
  const format = useFormat();
  return (
    <Card title={t('admin.improvement.alarms')} caption={t('admin.improvement.alarmsText')}>
      {alarms.length === 0 ? (
        <Text tone="textSecondary">{t('admin.improvement.noAlarms')}</Text>
      ) : (
        <Box gap="l" role="list" aria-label={t('admin.improvement.alarms')}>
          {alarms.map((alarm) => {
            const when = format.instant(alarm.created_at);
            return (
              <Box
                key={`${alarm.model_id} ${alarm.version} ${alarm.kind} ${alarm.created_at}`}
                gap="xs"
                role="listitem"
              >
                <Badge
                  tone="warning"
                  icon="alert"
                  label={t(`admin.improvement.alarm.${alarm.kind}`, { number: alarm.version })}
                />
                <Text lang="en">{alarm.outcome}</Text>
                <Text variant="caption" tone="textSecondary">
                  {`${modelName(alarm.model_id)} · ${when}`}
                </Text>
                <DecidingNumbers numbers={alarm.numbers} label={when} />
              </Box>
            );
          })}
        </Box>
      )}
    </Card>
  );
}

const decisions = ['correct', 'faulty', 'unsure'] as const;

function JudgedSets({ judgements }: { judgements: readonly Judgements[] }) {
  const { t } = useTranslation();
  const modelName = useModelName();
  const several = new Set(judgements.map((one) => one.model_id)).size > 1;
  const format = useFormat();
  const columns: [WordColumn<Judgements>, ...WordColumn<Judgements>[]] = [
    {
      id: 'version',
      title: t('admin.improvement.asVersion'),
      minWidth: 84,
      cell: (one) =>
        several
          ? `${modelName(one.model_id)} ${one.version}`
          : t('admin.models.version', { number: one.version }),
    },
    ...decisions.map((decision): WordColumn<Judgements> => ({
      id: decision,
      title: t(`form.decision.${decision}`),
      numeric: true,
      minWidth: 84,
      cell: (one) => format.number(one.decisions[decision] ?? 0),
    })),
  ];
  return (
    <Card title={t('admin.improvement.judgements')} caption={t('admin.improvement.judgementsText')}>
      {judgements.length === 0 ? (
        <Text tone="textSecondary">{t('admin.improvement.noJudgements')}</Text>
      ) : (
        <Records
          label={t('admin.improvement.judgements')}
          columns={columns}
          items={judgements}
          keyOf={(one) => `${one.model_id} ${one.version}`}
        />
      )}
    </Card>
  );
}
