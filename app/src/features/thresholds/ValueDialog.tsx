import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { meQuery } from '@/api/queries';
import type { Units } from '@/api/types';
import { Banner, Box, Button, DateField, Dialog, Row, TextField } from '@/design';
import { parsedValue, typedRange } from '@/features/profile/parameters';
import { useDraft } from '@/features/shell/drafts';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import { isPace, isPastDay, type ThresholdId, valueDraft } from './entry';
import { usePutInUse } from './useThresholds';

/** The unit in which a threshold is typed. */
function unitOf(id: ThresholdId, units: Units) {
  if (id.endsWith('_w')) return 'w';
  if (id.endsWith('_bpm')) return 'bpm';
  if (id === 'css_m_s') return units === 'metric' ? 'min_100m' : 'min_100yd';
  return units === 'metric' ? 'min_km' : 'min_mi';
}

/** A value that the athlete knows from elsewhere, and since when it holds. */
export function ValueDialog({ id, onClose }: { id: ThresholdId; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const { data: athlete } = useQuery({ ...meQuery(), enabled: false });
  const units = athlete?.units ?? 'metric';
  const today = format.today();
  const draft = useDraft(valueDraft(id), { typed: '', day: today });
  const { typed, day } = draft.values;
  const [tried, setTried] = useState(false);
  const done = () => {
    draft.forget();
    onClose();
  };
  const save = usePutInUse(done);
  const value = parsedValue(id, typed, units);
  const [low, high] = typedRange(id, units);
  const unit = t(`unit.${unitOf(id, units)}`);
  const isDay = isPastDay(day, today);
  const submit = () => {
    setTried(true);
    if (typeof value === 'number' && isDay && !save.isPending) {
      save.mutate({ id, from: day, value, origin: 'entered' });
    }
  };
  return (
    <Dialog title={t(`thresholds.quantity.${id}`)} open onClose={onClose}>
      <Box gap="l">
        {save.error ? <Banner tone="danger" urgent title={errorText(save.error).message} /> : null}
        <UnsavedLine draft={draft} />
        <TextField
          label={t('thresholds.value')}
          hint={t(`profile.parameterHint.${id}`)}
          value={typed}
          suffix={unit}
          inputMode={isPace(id) ? 'text' : 'decimal'}
          error={tried && typeof value !== 'number' ? t('profile.outOfRange', { low, high, unit }) : null}
          onChangeText={(next) => draft.change({ typed: next })}
          onSubmitEditing={submit}
        />
        <DateField
          label={t('thresholds.holdsSince')}
          value={day}
          error={isDay ? null : t('wellness.dayWrong')}
          onChange={(next) => draft.change({ day: next })}
        />
        <Row gap="s" justify="flex-end">
          <Button label={t('action.cancel')} variant="quiet" onPress={done} />
          <Button label={t('action.save')} busy={save.isPending} onPress={submit} />
        </Row>
      </Box>
    </Dialog>
  );
}
