import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { activitySourcesQuery, keys } from '@/api/queries';
import type { ActivityDetail, ActivitySources, Quantity, SourceDetail } from '@/api/types';
import { Badge, Banner, Box, Button, Card, Row, Select, Text, useToast } from '@/design';
import { ConfirmDialog } from '@/features/shell/ConfirmDialog';
import { QueryState } from '@/features/shell/QueryState';
import { useErrorText } from '@/features/shell/useErrorText';

import { DownloadMenu } from './DownloadMenu';
import { baseName, contested, type Options, withChoice } from './sources';

/** Who recorded the workout, which recording gives what, and how to change or undo that. */
export function SourceCard({ activity }: { activity: ActivityDetail }) {
  const { t } = useTranslation();
  const sources = useQuery(activitySourcesQuery(activity.id));
  const [downloading, setDownloading] = useState(false);
  return (
    <Card title={t('source.title')}>
      <QueryState query={sources} skeleton={{ count: 1, height: 80 }}>
        {(known) => (
          <>
            <Box gap="m" role="list" aria-label={t('source.title')}>
              {known.items.map((source) => (
                <Box key={source.id} role="listitem">
                  <Recording activityId={activity.id} source={source} isOnly={known.items.length === 1} />
                </Box>
              ))}
            </Box>
            <Choices activityId={activity.id} known={known} />
            <DownloadMenu
              activity={activity}
              sources={known.items}
              open={downloading}
              onClose={() => setDownloading(false)}
            />
          </>
        )}
      </QueryState>
      <Button
        label={t('source.download')}
        icon="download"
        variant="secondary"
        small
        disabled={sources.data === undefined}
        onPress={() => setDownloading(true)}
      />
    </Card>
  );
}

function Recording({
  activityId,
  source,
  isOnly,
}: {
  activityId: string;
  source: SourceDetail;
  isOnly: boolean;
}) {
  const { t } = useTranslation();
  const toast = useToast();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const split = useMutation({
    mutationFn: () =>
      answer(
        api().POST('/api/v1/activities/{activity_id}/split', {
          params: { path: { activity_id: activityId } },
          body: { source_id: source.id },
        }),
      ),
    onSuccess: () => {
      setAsking(false);
      toast(t('source.separating'));
      void client.invalidateQueries({ queryKey: keys.jobs });
    },
  });
  const gives = source.gives.map((quantity) => t(`quantity.${quantity}`)).join(', ');
  return (
    <Box gap="xs">
      <Row gap="s" wrap>
        <Text variant="label" anywhere shrink>
          {source.device}
        </Text>
        {source.is_primary && !isOnly ? <Badge label={t('source.frame')} tone="info" /> : null}
      </Row>
      <Text variant="caption" tone="textSecondary" anywhere>
        {`${baseName(source.file_name)} · ${source.format.toUpperCase()}`}
      </Text>
      {isOnly ? null : (
        <>
          <Text variant="caption">
            {gives === '' ? t('source.givesNothing') : t('source.gives', { what: gives })}
          </Text>
          <Button
            label={t('source.separate', { name: source.device })}
            variant="quiet"
            flush="start"
            small
            onPress={() => setAsking(true)}
          />
          <ConfirmDialog
            title={t('source.separateTitle')}
            body={t('source.separateBody', { name: source.device })}
            confirmLabel={t('source.separateConfirm')}
            open={asking}
            busy={split.isPending}
            error={split.error}
            onConfirm={() => split.mutate()}
            onClose={() => setAsking(false)}
          />
        </>
      )}
    </Box>
  );
}

/** For each quantity that several recordings have: which one gives it. */
function Choices({ activityId, known }: { activityId: string; known: ActivitySources }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const toast = useToast();
  const client = useQueryClient();
  const choose = useMutation({
    mutationFn: (choice: ActivitySources['choice']) =>
      answer(
        api().PUT('/api/v1/activities/{activity_id}/sources/priorities', {
          params: { path: { activity_id: activityId } },
          body: { choice },
        }),
      ),
    onMutate: (choice) => {
      client.setQueryData(keys.activitySources(activityId), { ...known, choice });
    },
    onSuccess: () => {
      toast(t('source.choosing'));
      void client.invalidateQueries({ queryKey: keys.jobs });
    },
    onError: () => void client.invalidateQueries({ queryKey: keys.activitySources(activityId) }),
  });
  const rows = contested(known);
  if (rows.length === 0) return null;
  const pick = (quantity: Quantity, value: string) =>
    choose.mutate(withChoice(known.choice, quantity, value));
  return (
    <Box gap="s">
      <Text variant="caption" tone="textSecondary">
        {t('source.choiceHint')}
      </Text>
      {choose.error ? <Banner tone="danger" urgent title={errorText(choose.error).message} /> : null}
      {rows.map(({ quantity, options }) => (
        <Choice
          key={quantity}
          quantity={quantity}
          options={options}
          value={known.choice[quantity] ?? 'auto'}
          onChange={(value) => pick(quantity, value)}
        />
      ))}
    </Box>
  );
}

function Choice({
  quantity,
  options,
  value,
  onChange,
}: {
  quantity: Quantity;
  options: Options;
  value: string;
  onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <Select
      label={t('source.from', { what: t(`quantity.${quantity}`) })}
      value={value}
      onChange={onChange}
      options={[{ value: 'auto', label: t('source.auto') }, ...options]}
    />
  );
}
