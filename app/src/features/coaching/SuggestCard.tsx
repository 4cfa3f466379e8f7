import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { PlanChangeWish } from '@/api/types';
import { Banner, Button, Card, DateField, Select, TextField } from '@/design';
import { type Weekday, weekdays } from '@/features/plan/order';
import { useDraft } from '@/features/shell/drafts';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';
import { addDays } from '@/lib/time';

const kinds = ['skip_week', 'add_day', 'drop_day'] as const;
type Kind = (typeof kinds)[number];
const MINUTES = 60;

/** A change of the athlete's plan with a reason; the athlete decides in their app. */
export function SuggestCard({ athleteId, planId }: { athleteId: string; planId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const client = useQueryClient();
  const [kind, setKind] = useState<Kind>('skip_week');
  const [weekday, setWeekday] = useState<Weekday>('mon');
  const [weekOf, setWeekOf] = useState(addDays(format.today(), 7));
  const draft = useDraft(`suggestion.${athleteId}`, { why: '' });
  const { why } = draft.values;
  const changes: Record<Kind, PlanChangeWish> = {
    skip_week: { type: 'skip_week', week_of: weekOf },
    add_day: { type: 'add_day', weekday, minutes: MINUTES },
    drop_day: { type: 'drop_day', weekday },
  };
  const suggest = useMutation({
    mutationFn: () =>
      answer(
        api().POST('/api/v1/coaching/athletes/{athlete_id}/plans/proposals', {
          params: { path: { athlete_id: athleteId } },
          body: { plan_id: planId, change: changes[kind], why: why.trim() },
        }),
      ),
    onSuccess: () => {
      draft.forget();
      void client.invalidateQueries({ queryKey: keys.coaching });
    },
  });
  const dayName = (name: Weekday) =>
    format.day(addDays('2026-01-05', weekdays.indexOf(name)), { weekday: 'long' });
  return (
    <Card title={t('coaching.suggest.title')} caption={t('coaching.suggest.caption')} testID="suggest">
      {suggest.error ? <Banner tone="danger" urgent title={errorText(suggest.error).message} /> : null}
      {suggest.isSuccess ? <Banner tone="success" title={t('coaching.suggest.done')} /> : null}
      <Select
        label={t('whatIf.kind')}
        value={kind}
        onChange={setKind}
        options={kinds.map((value) => ({ value, label: t(`whatIf.kinds.${value}`) }))}
      />
      {kind === 'skip_week' ? (
        <DateField
          label={t('whatIf.weekOf')}
          value={weekOf}
          min={format.today()}
          error={null}
          onChange={setWeekOf}
        />
      ) : (
        <Select
          label={t('whatIf.weekday')}
          value={weekday}
          onChange={setWeekday}
          options={weekdays.map((value) => ({ value, label: dayName(value) }))}
        />
      )}
      <UnsavedLine draft={draft} />
      <TextField
        label={t('coaching.suggest.why')}
        hint={t('coaching.suggest.whyHint')}
        value={why}
        onChangeText={(next) => draft.change({ why: next })}
        maxLength={300}
        multiline
      />
      <Button
        label={t('coaching.suggest.send')}
        disabled={why.trim() === ''}
        busy={suggest.isPending}
        onPress={() => suggest.mutate()}
      />
    </Card>
  );
}
