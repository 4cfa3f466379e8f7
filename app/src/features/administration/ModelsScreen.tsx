import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import {
  Badge,
  Box,
  Button,
  Card,
  EmptyState,
  ListRow,
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

import { type ModelVersion, modelsQuery, type RegisteredModel, useAdministration } from './adminQueries';
import { ForRole } from './ForRole';
import { StateBadge, useModelName } from './ModelParts';

/** The models this server keeps versions of: which one decides, which one is tried beside it, and the way back. */
export function ModelsScreen() {
  const { t } = useTranslation();
  return (
    <ForRole roles={['admin']} title={t('admin.models.title')}>
      <Screen
        title={t('admin.models.title')}
        subtitle={t('admin.models.subtitle')}
        back={{ href: '/admin', label: t('admin.title') }}
        width="reading"
      >
        <Models />
      </Screen>
    </ForRole>
  );
}

function Models() {
  const { t } = useTranslation();
  const models = useQuery(modelsQuery());
  return (
    <QueryState query={models} skeleton={{ count: 2, height: 200 }}>
      {({ models: found, public_keys }) =>
        found.length === 0 ? (
          <Card>
            <EmptyState icon="form" title={t('admin.models.none')}>
              {t('admin.models.noneText')}
            </EmptyState>
          </Card>
        ) : (
          <>
            {found.map((model) => (
              <Model key={model.model_id} model={model} />
            ))}
            <PublicKeys known={public_keys} />
          </>
        )
      }
    </QueryState>
  );
}

function Model({ model }: { model: RegisteredModel }) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = useModelName()(model.model_id);
  const number = (value: number | null) => (value === null ? null : format.number(value));
  const hasFormer = model.versions.some((version) => version.state === 'retired');
  return (
    <Card title={name}>
      <StatGrid>
        <Stat
          label={t('admin.models.state.champion')}
          value={number(model.champion)}
          note={model.champion === null ? t('admin.models.shipped') : undefined}
          missingLabel={t('admin.models.shipped')}
        />
        <Stat
          label={t('admin.models.state.shadow')}
          value={number(model.shadow)}
          missingLabel={t('admin.models.noShadow')}
        />
        <Stat label={t('admin.models.versions')} value={format.number(model.versions.length)} />
      </StatGrid>
      <Box gap="s" role="list" aria-label={t('admin.models.versions')}>
        {model.versions.map((version) => (
          <Box key={version.number} role="listitem">
            <VersionRow version={version} />
          </Box>
        ))}
      </Box>
      {model.champion !== null && hasFormer ? <RollBack model={model} name={name} /> : null}
    </Card>
  );
}

function VersionRow({ version }: { version: ModelVersion }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ListRow href={`/admin/models/${version.model_id}/${version.number}`}>
      <Row gap="s" wrap>
        <Text variant="bodyStrong">{t('admin.models.version', { number: version.number })}</Text>
        <StateBadge state={version.state} />
        {version.dataset_number === null ? null : (
          <Badge label={t('admin.models.ofLabels', { number: version.dataset_number })} />
        )}
      </Row>
      <Text variant="caption" tone="textSecondary">
        {format.instant(version.created_at)}
      </Text>
    </ListRow>
  );
}

function RollBack({ model, name }: { model: RegisteredModel; name: string }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const back = useAdministration(
    async ({ reason, onSent }: { reason: string; onSent: () => void }) => {
      const made = await answer(
        api().POST('/api/v1/admin/models/{model_id}/rollback', {
          params: { path: { model_id: model.model_id } },
          body: { reason },
        }),
      );
      onSent();
      return made;
    },
    ({ number }) => {
      setAsking(false);
      toast(t('admin.models.rolledBack', { number }));
    },
  );
  return (
    <>
      <Button label={t('admin.models.rollBack')} variant="danger" onPress={() => setAsking(true)} />
      {asking ? (
        <ReasonDialog
          draftName={`rollback.${model.model_id}`}
          title={t('admin.models.rollBackTitle', { name })}
          body={t('admin.models.rollBackText', { number: model.champion })}
          hint={t('admin.models.reasonHint')}
          confirmLabel={t('admin.models.rollBack')}
          danger
          open
          busy={back.isPending}
          error={back.error}
          onConfirm={(reason, onSent) => back.mutate({ reason, onSent })}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}

function PublicKeys({ known }: { known: Readonly<Record<string, string>> }) {
  const { t } = useTranslation();
  return (
    <Card title={t('admin.models.keys')} caption={t('admin.models.keysText')} folds>
      <Box gap="s" role="list">
        {Object.entries(known).map(([id, key]) => (
          <Box key={id} role="listitem">
            <Text variant="label">{id}</Text>
            <Text variant="caption" selectable anywhere>
              {key}
            </Text>
          </Box>
        ))}
      </Box>
    </Card>
  );
}
