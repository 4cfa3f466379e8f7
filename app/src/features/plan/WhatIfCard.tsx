import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { Plan, PlanChangeWish } from '@/api/types';
import { Banner, Box, Button, Card, DateField, Grid, Row, Select, Text } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';
import { addDays } from '@/lib/time';

import { CompareChart } from './CompareChart';
import { DiffList } from './DiffList';
import { EffectTable } from './EffectTable';
import { type Weekday, weekdays } from './order';
import { firstDayAhead } from './weeks';

const kinds = ['skip_week', 'add_day', 'drop_day', 'move_race', 'away'] as const;
type Kind = (typeof kinds)[number];

/** A change to try: both plans side by side, stored only when it is taken. */
export function WhatIfCard({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const client = useQueryClient();
  const hasRace = (plan.request.goal as { type?: unknown } | undefined)?.type === 'race';
  const [kind, setKind] = useState<Kind>('skip_week');
  const [weekday, setWeekday] = useState<Weekday>('mon');
  const [minutes, setMinutes] = useState('60');
  const [days, setDays] = useState('14');
  const start = firstDayAhead(plan, format.today());
  const [first, setFirst] = useState(start);
  const [last, setLast] = useState(addDays(start, 6));
  const changes: Record<Kind, PlanChangeWish> = {
    skip_week: { type: 'skip_week', week_of: first },
    add_day: { type: 'add_day', weekday, minutes: Number(minutes) },
    drop_day: { type: 'drop_day', weekday },
    move_race: { type: 'move_race', days: Number(days) },
    away: { type: 'away', first, last },
  };
  const order = { params: { path: { plan_id: plan.id } }, body: { change: changes[kind] } };
  const attempt = useMutation({
    mutationFn: () => answer(api().POST('/api/v1/plans/{plan_id}/what-if', order)),
  });
  const take = useMutation({
    mutationFn: () => answer(api().POST('/api/v1/plans/{plan_id}/what-if/accept', order)),
    onSuccess: () => {
      attempt.reset();
      void client.invalidateQueries({ queryKey: keys.plan });
    },
  });
  const pick = <Value,>(set: (value: Value) => void) => {
    return (value: Value) => {
      set(value);
      attempt.reset();
    };
  };
  const failure = attempt.error ?? take.error;
  const result = attempt.data;
  const dayName = (name: Weekday) =>
    format.day(addDays('2026-01-05', weekdays.indexOf(name)), { weekday: 'long' });
  return (
    <Card title={t('whatIf.title')} caption={t('whatIf.caption')} testID="what-if" folds>
      <Grid minWidth={200}>
        <Select
          label={t('whatIf.kind')}
          value={kind}
          onChange={pick(setKind)}
          options={kinds
            .filter((item) => hasRace || item !== 'move_race')
            .map((value) => ({ value, label: t(`whatIf.kinds.${value}`) }))}
        />
        {kind === 'add_day' || kind === 'drop_day' ? (
          <Select
            label={t('whatIf.weekday')}
            value={weekday}
            onChange={pick(setWeekday)}
            options={weekdays.map((value) => ({ value, label: dayName(value) }))}
          />
        ) : null}
        {kind === 'add_day' ? (
          <Select
            label={t('field.time')}
            value={minutes}
            onChange={pick(setMinutes)}
            options={['30', '45', '60', '90', '120'].map((value) => ({
              value,
              label: t('duration.min', { value }),
            }))}
          />
        ) : null}
        {kind === 'move_race' ? (
          <Select
            label={t('whatIf.by')}
            value={days}
            onChange={pick(setDays)}
            options={['-14', '-7', '7', '14', '28'].map((value) => ({
              value,
              label: t(Number(value) < 0 ? 'whatIf.earlier' : 'whatIf.later', {
                count: Math.abs(Number(value)) / 7,
              }),
            }))}
          />
        ) : null}
        {kind === 'skip_week' || kind === 'away' ? (
          <DateField
            label={t(kind === 'away' ? 'whatIf.first' : 'whatIf.weekOf')}
            value={first}
            min={start}
            error={null}
            onChange={pick(setFirst)}
          />
        ) : null}
        {kind === 'away' ? (
          <DateField
            label={t('whatIf.last')}
            value={last}
            min={first}
            error={null}
            onChange={pick(setLast)}
          />
        ) : null}
      </Grid>
      <Row gap="s" wrap>
        <Button
          label={t('whatIf.try')}
          variant="secondary"
          busy={attempt.isPending}
          onPress={() => attempt.mutate()}
        />
      </Row>
      {failure ? (
        <Banner tone="danger" urgent title={errorText(failure).message}>
          {errorText(failure).remedy ?? undefined}
        </Banner>
      ) : null}
      {result ? (
        <Box gap="m" aria-live="polite">
          {result.diff.length === 0 ? (
            <Banner tone="info" title={t('whatIf.nothing')} />
          ) : (
            <>
              <CompareChart before={result.before} after={result.after} />
              <EffectTable effect={result.effect} />
              <Text variant="caption" tone="textSecondary">
                {t('planChange.effectNote')}
              </Text>
              <DiffList entries={result.diff} />
            </>
          )}
          <Row gap="s" wrap>
            {result.diff.length === 0 ? null : (
              <Button label={t('whatIf.take')} busy={take.isPending} onPress={() => take.mutate()} />
            )}
            <Button label={t('whatIf.leave')} variant="quiet" onPress={() => attempt.reset()} />
          </Row>
        </Box>
      ) : null}
    </Card>
  );
}
