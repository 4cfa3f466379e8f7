import { useQuery } from '@tanstack/react-query';
import { useLocalSearchParams } from 'expo-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import {
  Banner,
  Box,
  Button,
  Card,
  Columns,
  Icon,
  Row,
  Screen,
  Stat,
  StatGrid,
  Text,
  useToast,
} from '@/design';
import { QueryState } from '@/features/shell/QueryState';
import { ReasonDialog } from '@/features/shell/ReasonDialog';
import { useFormat } from '@/i18n/useFormat';

import {
  type ModelTransition,
  type ModelVersionDetails,
  modelVersionQuery,
  useAdministration,
} from './adminQueries';
import { ForRole } from './ForRole';
import { DecidingNumbers, Reason, StateBadge, useModelName } from './ModelParts';
import { flatNumbers } from './modelNumbers';

const PROMOTABLE: readonly ModelVersionDetails['state'][] = ['shadow', 'retired'];
const CARD_TEXTS = ['use', 'misuse', 'whose'] as const;

/** One version of a model: what it is, whether its file is right, and every change of its state with its reason. */
export function ModelVersionScreen() {
  const { t } = useTranslation();
  const { id, number } = useLocalSearchParams<{ id: string; number: string }>();
  const title = t('admin.models.version', { number });
  const name = useModelName()(id);
  return (
    <ForRole roles={['admin']} title={title}>
      <Screen title={title} subtitle={name} back={{ href: '/admin/models', label: t('admin.models.title') }}>
        <Version id={id} number={Number(number)} />
      </Screen>
    </ForRole>
  );
}

function Version({ id, number }: { id: string; number: number }) {
  const query = useQuery(modelVersionQuery(id, number));
  return (
    <QueryState query={query} skeleton={{ count: 3, height: 160 }}>
      {(version) => (
        <Columns
          main={
            <>
              <Standing version={version} />
              <History version={version} />
            </>
          }
          aside={
            <>
              <ModelCard version={version} />
              <File version={version} />
            </>
          }
        />
      )}
    </QueryState>
  );
}

function Standing({ version }: { version: ModelVersionDetails }) {
  const { t } = useTranslation();
  const format = useFormat();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const promote = useAdministration(
    async ({ reason, onSent }: { reason: string; onSent: () => void }) => {
      await answer(
        api().POST('/api/v1/admin/models/{model_id}/versions/{number}/promote', {
          params: { path: { model_id: version.model_id, number: version.number } },
          body: { reason },
        }),
      );
      onSent();
    },
    () => {
      setAsking(false);
      toast(t('admin.models.promoted', { number: version.number }));
    },
  );
  return (
    <Card title={t('admin.models.standing')}>
      {version.is_verified ? null : (
        <Banner tone="danger" title={t('admin.models.unverified')}>
          <Text variant="caption" lang="en">
            {version.problem ?? ''}
          </Text>
        </Banner>
      )}
      <StateBadge state={version.state} />
      <Text>{t(`admin.models.stateText.${version.state}`)}</Text>
      <StatGrid minWidth={140}>
        <Stat
          label={t('admin.models.made')}
          value={format.instant(version.created_at, { dateStyle: 'medium' })}
        />
        <Stat
          label={t('admin.models.labels')}
          value={version.dataset_number === null ? null : format.number(version.dataset_number)}
          missingLabel={t('admin.models.noLabels')}
        />
      </StatGrid>
      {PROMOTABLE.includes(version.state) ? (
        <Button label={t('admin.models.promote')} onPress={() => setAsking(true)} />
      ) : null}
      {asking ? (
        <ReasonDialog
          draftName={`promote.${version.model_id}.${version.number}`}
          title={t('admin.models.promoteTitle', { number: version.number })}
          body={t('admin.models.promoteText')}
          hint={t('admin.models.reasonHint')}
          confirmLabel={t('admin.models.promote')}
          open
          busy={promote.isPending}
          error={promote.error}
          onConfirm={(reason, onSent) => promote.mutate({ reason, onSent })}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </Card>
  );
}

function History({ version }: { version: ModelVersionDetails }) {
  const { t } = useTranslation();
  return (
    <Card title={t('admin.models.history')} caption={t('admin.models.historyText')}>
      <Box gap="xl" role="list" aria-label={t('admin.models.history')}>
        {version.transitions.map((one, index) => (
          <Transition key={index} transition={one} />
        ))}
      </Box>
    </Card>
  );
}

function Transition({ transition }: { transition: ModelTransition }) {
  const { t } = useTranslation();
  const format = useFormat();
  const when = format.instant(transition.created_at);
  return (
    <Box gap="s" role="listitem">
      <Row gap="s" wrap>
        {transition.before === null ? null : (
          <>
            <StateBadge state={transition.before} />
            <Icon name="chevronRight" tone="textSecondary" />
          </>
        )}
        <StateBadge state={transition.after} />
      </Row>
      <Reason text={transition.reason} />
      <Text variant="caption" tone="textSecondary">
        {`${when} · ${t(`admin.models.by.${transition.decided_by}`)}`}
      </Text>
      <DecidingNumbers numbers={transition.numbers} label={when} />
    </Box>
  );
}

function ModelCard({ version }: { version: ModelVersionDetails }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const isKnown = (name: string) => i18n.exists(`admin.improvement.counts.${name}`);
  const { labels } = version.card;
  const counts =
    typeof labels === 'object' && labels !== null ? flatNumbers(labels as Record<string, unknown>) : [];
  return (
    <Card title={t('admin.models.card')}>
      {CARD_TEXTS.map((part) => {
        const text = version.card[part];
        return typeof text === 'string' ? (
          <Box key={part} gap="xxs">
            <Text variant="label">{t(`admin.models.cardPart.${part}`)}</Text>
            <Text variant="caption" lang="en">
              {text}
            </Text>
          </Box>
        ) : null;
      })}
      {counts.length > 0 ? (
        <Box gap="xs">
          <Text variant="label">{t('admin.models.trainedOn')}</Text>
          <Box gap="xs" role="list">
            {counts.map(({ name, value }) => (
              <Row key={name} gap="m" justify="space-between" role="listitem">
                <Text
                  variant="caption"
                  tone="textSecondary"
                  lang={isKnown(name) ? undefined : 'en'}
                  shrink
                  anywhere
                >
                  {isKnown(name) ? t(`admin.improvement.counts.${name as 'sets'}`) : name}
                </Text>
                <Text variant="caption" tabular>
                  {typeof value === 'number' ? format.number(value) : (value ?? '–')}
                </Text>
              </Row>
            ))}
          </Box>
        </Box>
      ) : null}
    </Card>
  );
}

function File({ version }: { version: ModelVersionDetails }) {
  const { t } = useTranslation();
  const format = useFormat();
  const parts = [
    {
      label: t('admin.models.size'),
      text: t('admin.models.bytes', { size: format.number(version.size_bytes) }),
    },
    { label: t('admin.models.digest'), text: version.sha256 },
    { label: t('admin.models.signature'), text: version.signature },
  ];
  return (
    <Card title={t('admin.models.file')} folds>
      {version.is_verified ? (
        <Text variant="caption" tone="successText">
          {t('admin.models.verified')}
        </Text>
      ) : null}
      {parts.map(({ label, text }) => (
        <Box key={label} gap="xxs">
          <Text variant="label">{label}</Text>
          <Text variant="caption" selectable anywhere>
            {text}
          </Text>
        </Box>
      ))}
    </Card>
  );
}
