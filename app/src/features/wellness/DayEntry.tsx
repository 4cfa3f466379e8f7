import { onlineManager, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { keys, meQuery, wellnessDayQuery } from '@/api/queries';
import { sendWellnessDay, writeKeys } from '@/api/writes';
import { Banner, Box, Button, Card, DateField, Row, Text, TextField, useToast } from '@/design';
import { useFormDraft } from '@/features/shell/drafts';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';
import { newKey } from '@/lib/newKey';

import {
  changeOf,
  feltFields,
  isFelt,
  type Field,
  fields,
  isEdits,
  measuredFields,
  NOTHING,
  parsedField,
  shownText,
  typedBefore,
  typedRange,
} from './entry';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The form for one day; what was typed before stands in it and can be changed or emptied. */
export function DayEntry({ today }: { today: string }) {
  const { t } = useTranslation();
  const [day, setDay] = useState(today);
  const isDay = DAY.test(day) && day <= today;
  return (
    <Card title={t('wellness.entry')} caption={t('wellness.entryCaption')}>
      <DateField
        label={t('wellness.day')}
        value={day}
        error={isDay ? null : t('wellness.dayWrong')}
        onChange={setDay}
      />
      {isDay ? <Fields key={day} day={day} /> : null}
    </Card>
  );
}

function Fields({ day }: { day: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const errorText = useErrorText();
  const toast = useToast();
  const { data: athlete } = useQuery({ ...meQuery(), enabled: false });
  const units = athlete?.units ?? 'metric';
  const stored = useQuery(wellnessDayQuery(day));
  const before = typedBefore(stored.data?.days[0]);
  const { form: edits, setForm: setEdits, draft } = useFormDraft(`day.${day}`, NOTHING, isEdits);
  const [tried, setTried] = useState(false);
  const save = useMutation({
    scope: { id: `day-${day}` },
    mutationKey: writeKeys.wellnessDay,
    mutationFn: sendWellnessDay,
    onMutate: () => {
      if (onlineManager.isOnline()) return;
      draft.handOver();
      toast(t('offline.writeKept'));
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.wellness });
      draft.forget();
      setTried(false);
      toast(t('wellness.saved'));
    },
  });
  const textOf = (field: Field) => {
    const value = before[field];
    return edits[field] ?? (value === undefined ? '' : shownText(field, value, units));
  };
  const wrong = (field: Field) => parsedField(field, textOf(field), units) === undefined;
  const suffix = (field: Field) => {
    switch (field) {
      case 'body_mass_kg':
        return t(units === 'metric' ? 'unit.kg' : 'unit.lb');
      case 'sleep_s':
        return t('unit.h');
      case 'hrv_rmssd_ms':
        return t('unit.ms');
      case 'resting_hr_bpm':
        return t('unit.bpm');
      default:
        return '0–10';
    }
  };
  const input = (field: Field) => {
    const [low, high] = typedRange(field, units);
    return (
      <Box key={field} style={{ flexGrow: 1, flexBasis: 140 }}>
        <TextField
          label={t(`wellness.metric.${field}`)}
          value={textOf(field)}
          suffix={suffix(field)}
          inputMode={field === 'sleep_s' ? 'text' : 'decimal'}
          placeholder={field === 'sleep_s' ? '7:30' : undefined}
          hint={isFelt(field) ? t(`wellness.scaleOf.${field}`) : undefined}
          error={tried && wrong(field) ? t('profile.outOfRange', { low, high, unit: suffix(field) }) : null}
          onChangeText={(text) => setEdits({ ...edits, [field]: text })}
        />
      </Box>
    );
  };
  const send = () => {
    setTried(true);
    if (fields.some(wrong)) return;
    const change = changeOf(edits, before, units);
    if (Object.keys(change).length === 0) {
      draft.forget();
      toast(t('wellness.saved'));
      return;
    }
    save.mutate({ key: newKey(), day, values: change });
  };
  return (
    <Box gap="m">
      {stored.error ? <Banner tone="danger" urgent title={errorText(stored.error).message} /> : null}
      {save.error ? <Banner tone="danger" urgent title={errorText(save.error).message} /> : null}
      <UnsavedLine draft={draft} discards />
      <Row wrap gap="m" align="flex-start">
        {measuredFields.map(input)}
      </Row>
      <Text variant="label">{t('wellness.felt')}</Text>
      <Row wrap gap="m" align="flex-start">
        {feltFields.map(input)}
      </Row>
      <Button label={t('action.save')} busy={save.isPending && !save.isPaused} onPress={send} />
    </Box>
  );
}
