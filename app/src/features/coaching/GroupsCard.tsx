import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { Banner, Box, Button, Card, Checkbox, Row, Text, TextField } from '@/design';
import { ConfirmDialog } from '@/features/shell/ConfirmDialog';
import { useDraft } from '@/features/shell/drafts';
import { QueryState } from '@/features/shell/QueryState';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';

import { type CoachedAthlete, type CoachGroup, coachGroupsQuery, useCoachingChange } from './coachingQueries';

/** The groups in which a coach keeps their athletes: making and deleting them. */
export function GroupsCard() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const groups = useQuery(coachGroupsQuery());
  const draft = useDraft('coach-group', { name: '' });
  const { name } = draft.values;
  const [deleting, setDeleting] = useState<CoachGroup | null>(null);
  const make = useCoachingChange(
    (wanted: string) => answer(api().POST('/api/v1/coaching/groups', { body: { name: wanted } })),
    draft.forget,
  );
  const remove = useCoachingChange(
    (group_id: string) =>
      answer(api().DELETE('/api/v1/coaching/groups/{group_id}', { params: { path: { group_id } } })),
    () => setDeleting(null),
  );
  return (
    <Card title={t('coaching.groups.title')} caption={t('coaching.groups.caption')}>
      {make.error ? <Banner tone="danger" urgent title={errorText(make.error).message} /> : null}
      <QueryState query={groups} skeleton={{ count: 2, height: 44 }}>
        {({ items }) =>
          items.length === 0 ? null : (
            <Box gap="s" role="list" aria-label={t('coaching.groups.title')}>
              {items.map((group) => (
                <Row key={group.id} justify="space-between" gap="m" role="listitem">
                  <Box shrink minWidth={0}>
                    <Text variant="bodyStrong">{group.name}</Text>
                    <Text variant="caption" tone="textSecondary">
                      {t('coaching.groups.count', { count: group.athletes })}
                    </Text>
                  </Box>
                  <Button
                    small
                    variant="quiet"
                    icon="trash"
                    label={t('coaching.groups.delete')}
                    accessibilityLabel={t('coaching.groups.deleteOf', { name: group.name })}
                    onPress={() => setDeleting(group)}
                  />
                </Row>
              ))}
            </Box>
          )
        }
      </QueryState>
      <UnsavedLine draft={draft} />
      <TextField
        label={t('coaching.groups.name')}
        value={name}
        onChangeText={(next) => draft.change({ name: next })}
        maxLength={60}
      />
      <Button
        label={t('coaching.groups.make')}
        variant="secondary"
        disabled={name.trim() === ''}
        busy={make.isPending}
        onPress={() => make.mutate(name.trim())}
      />
      {deleting ? (
        <ConfirmDialog
          title={t('coaching.groups.deleteOf', { name: deleting.name })}
          body={t('coaching.groups.deleteBody')}
          confirmLabel={t('coaching.groups.delete')}
          open
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(deleting.id)}
          onClose={() => setDeleting(null)}
        />
      ) : null}
    </Card>
  );
}

/** In which groups an athlete is, to tick. */
export function AthleteGroups({ athlete }: { athlete: CoachedAthlete }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const groups = useQuery(coachGroupsQuery());
  const change = useCoachingChange(async ({ group_id, isIn }: { group_id: string; isIn: boolean }) => {
    const at = { params: { path: { group_id, athlete_id: athlete.athlete_id } } };
    if (isIn) await answer(api().PUT('/api/v1/coaching/groups/{group_id}/athletes/{athlete_id}', at));
    else await answer(api().DELETE('/api/v1/coaching/groups/{group_id}/athletes/{athlete_id}', at));
  });
  return (
    <Card title={t('coaching.groups.in')} caption={t('coaching.groups.inCaption')} folds>
      {change.error ? <Banner tone="danger" urgent title={errorText(change.error).message} /> : null}
      <QueryState query={groups} skeleton={{ count: 2, height: 44 }}>
        {({ items }) =>
          items.length === 0 ? (
            <Text tone="textSecondary">{t('coaching.groups.none')}</Text>
          ) : (
            <Box>
              {items.map((group) => (
                <Checkbox
                  key={group.id}
                  label={group.name}
                  checked={athlete.groups.includes(group.id)}
                  onChange={(isIn) => change.mutate({ group_id: group.id, isIn })}
                />
              ))}
            </Box>
          )
        }
      </QueryState>
    </Card>
  );
}
