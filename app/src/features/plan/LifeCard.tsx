import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import { Banner, Box, Button, Card, DateField, Row, Select, Text } from '@/design';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';
import { addDays } from '@/lib/time';

import { lifeQuery, type Told } from './planQueries';

const sports = ['running', 'cycling', 'swimming'] as const;
const LONGEST_ABSENCE_DAYS = 60;

/** What the plan has to know about life; whatever follows comes as a proposal. */
export function LifeCard() {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const client = useQueryClient();
  const life = useQuery(lifeQuery());
  const today = format.today();
  const [sport, setSport] = useState<(typeof sports)[number]>('running');
  const [absence, setAbsence] = useState<{ first: string; last: string } | null>(null);
  const save = useMutation({
    mutationFn: (told: Told) => answer(api().PUT('/api/v1/plans/life', { body: told })),
    onSuccess: () => {
      setAbsence(null);
      void client.invalidateQueries({ queryKey: keys.plan });
    },
  });
  const told = life.data?.told;
  if (told === undefined) return null;
  const illness = told.illness ?? null;
  const away = (told.away ?? []).filter((day) => day >= today);
  const awayDays = () => {
    if (absence === null) return [];
    const days: string[] = [];
    for (
      let day = absence.first;
      day <= absence.last && days.length < LONGEST_ABSENCE_DAYS;
      day = addDays(day, 1)
    )
      days.push(day);
    return days;
  };
  return (
    <Card title={t('life.title')} caption={t('life.caption')} testID="life" folds>
      {save.error ? <Banner tone="danger" urgent title={errorText(save.error).message} /> : null}
      {illness === null ? (
        <Button
          label={t('life.ill')}
          variant="secondary"
          small
          onPress={() => save.mutate({ ...told, illness: { since: today } })}
        />
      ) : (
        <Box gap="s">
          <Text>
            {t('life.illSince', { day: format.day(illness.since, { day: 'numeric', month: 'long' }) })}
          </Text>
          <Row gap="s" wrap>
            {illness.symptom_free_since ? (
              <Button
                label={t('life.healthy')}
                variant="secondary"
                small
                onPress={() => save.mutate({ ...told, illness: null })}
              />
            ) : (
              <Button
                label={t('life.symptomFree')}
                variant="secondary"
                small
                onPress={() => save.mutate({ ...told, illness: { ...illness, symptom_free_since: today } })}
              />
            )}
          </Row>
        </Box>
      )}
      {Object.keys(told.painful ?? {}).map((name) => (
        <Row key={name} gap="s" justify="space-between">
          <Text>{t('life.painIn', { sport: t(`planSport.${name as 'running'}`) })}</Text>
          <Button
            label={t('life.painGone')}
            accessibilityLabel={t('life.painGoneIn', { sport: t(`planSport.${name as 'running'}`) })}
            variant="quiet"
            small
            onPress={() => {
              const left = { ...told.painful };
              delete left[name as (typeof sports)[number]];
              save.mutate({ ...told, painful: left });
            }}
          />
        </Row>
      ))}
      <Row gap="s" align="flex-end" wrap>
        <Box flex={1} minWidth={140}>
          <Select
            label={t('life.painSport')}
            value={sport}
            onChange={setSport}
            options={sports.map((value) => ({ value, label: t(`planSport.${value}`) }))}
          />
        </Box>
        <Button
          label={t('life.pain')}
          variant="secondary"
          onPress={() => save.mutate({ ...told, painful: { ...told.painful, [sport]: today } })}
        />
      </Row>
      {away.length > 0 ? (
        <Row gap="s" justify="space-between">
          <Text>{t('life.awayDays', { count: away.length })}</Text>
          <Button
            label={t('life.notAway')}
            variant="quiet"
            small
            onPress={() => save.mutate({ ...told, away: [] })}
          />
        </Row>
      ) : null}
      {absence === null ? (
        <Button
          label={t('life.away')}
          variant="secondary"
          small
          onPress={() => setAbsence({ first: today, last: addDays(today, 6) })}
        />
      ) : (
        <Box gap="s">
          <DateField
            label={t('whatIf.first')}
            value={absence.first}
            min={today}
            error={null}
            onChange={(first) => setAbsence({ ...absence, first })}
          />
          <DateField
            label={t('whatIf.last')}
            value={absence.last}
            min={absence.first}
            error={null}
            onChange={(last) => setAbsence({ ...absence, last })}
          />
          <Row gap="s">
            <Button
              label={t('life.saveAway')}
              small
              busy={save.isPending}
              onPress={() => save.mutate({ ...told, away: awayDays() })}
            />
            <Button label={t('action.cancel')} variant="quiet" small onPress={() => setAbsence(null)} />
          </Row>
        </Box>
      )}
    </Card>
  );
}
