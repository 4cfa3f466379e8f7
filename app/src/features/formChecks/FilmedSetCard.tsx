import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { FormCheck } from '@/api/types';
import { Banner, Button, Card, Grid, Select, Stat, StatGrid, Text, TextField, useToast } from '@/design';
import { useDraft } from '@/features/shell/drafts';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';
import { massToKg, typedNumber } from '@/lib/units';

import type { FilmedSet, SetSaid } from './formQueries';

type Variant = NonNullable<SetSaid['variant']>;
const VARIANTS: readonly Variant[] = [
  'regular',
  'knees',
  'hands_60cm',
  'hands_30cm',
  'feet_30cm',
  'feet_60cm',
];
const FIELD = 200;
const WITH_WEIGHT = ['push_up', 'pull_up', 'squat', 'lunge', 'overhead_press'];

/** The set as training load, and what only the athlete can say of it; what is not known is named and never zero. */
export function FilmedSetCard({ check, set }: { check: FormCheck; set: FilmedSet }) {
  const { t } = useTranslation();
  const format = useFormat();
  const toast = useToast();
  const errorText = useErrorText();
  const client = useQueryClient();
  const shownMass = format.mass(set.said.external_kg ?? null)?.value ?? '';
  const draft = useDraft(`filmed-set.${check.id}`, {
    rpe: String(set.said.rpe_cr10 ?? ''),
    rir: String(set.said.rir ?? ''),
    external: shownMass,
    variant: set.said.variant ?? 'regular',
  });
  const { rpe, rir, external } = draft.values;
  const variant = VARIANTS.find((one) => one === draft.values.variant) ?? 'regular';
  const isPushUp = check.exercise === 'push_up';
  // A posture that is held has no repetitions: nothing is told or asked that counts them.
  const isHold = Boolean(check.analysis.hold);
  const told = set.missing.filter((code) => !isHold || code === 'rating');
  const mass = typedNumber(external);
  const save = useMutation({
    mutationFn: () =>
      answer(
        api().PUT('/api/v1/form-checks/{form_check_id}/set', {
          params: { path: { form_check_id: check.id } },
          body: {
            rpe_cr10: typedNumber(rpe),
            rir: typedNumber(rir),
            // What was not typed anew keeps its exact value.
            external_kg:
              external === shownMass
                ? set.said.external_kg
                : mass === null
                  ? null
                  : massToKg(mass, format.system),
            variant: isPushUp ? variant : null,
          },
        }),
      ),
    onSuccess: (saved) => {
      client.setQueryData(keys.formCheck(check.id), saved);
      draft.forget();
      void client.invalidateQueries({ queryKey: keys.fitness });
      toast(t('filmedSet.saved'));
    },
  });
  const failure = save.error ? errorText(save.error) : null;
  const missing = t('state.missing');
  return (
    <Card title={t('filmedSet.title')} caption={t('filmedSet.caption')} testID="filmed-set">
      <StatGrid>
        {[
          ...(isHold
            ? []
            : [
                <Stat
                  key="volume"
                  label={t('filmedSet.volume')}
                  value={format.mass(set.volume_load_kg)?.value ?? null}
                  unit={format.mass(0)?.unit}
                  missingLabel={missing}
                />,
                <Stat
                  key="hard"
                  label={t('filmedSet.hard')}
                  value={set.hard_sets === null ? null : format.number(set.hard_sets, 1)}
                  missingLabel={missing}
                />,
                <Stat
                  key="loss"
                  label={t('filmedSet.loss')}
                  value={set.velocity_loss_frac === null ? null : format.number(100 * set.velocity_loss_frac)}
                  unit="%"
                  missingLabel={missing}
                />,
              ]),
          <Stat
            key="load"
            label={t('filmedSet.load')}
            value={set.load_au === null ? null : format.number(set.load_au, 1)}
            missingLabel={missing}
          />,
          <Stat key="time" label={t('filmedSet.time')} value={format.clock(set.active_s)} />,
        ]}
      </StatGrid>
      {set.load_au !== null && !set.counts ? (
        <Text variant="caption">{t('filmedSet.partOfWorkout')}</Text>
      ) : null}
      {told.map((code) => (
        <Text key={code} variant="caption" tone="textSecondary">
          {t(`filmedSet.missing.${code}`)}
        </Text>
      ))}
      {failure ? (
        <Banner tone="danger" urgent title={failure.message}>
          {failure.remedy}
        </Banner>
      ) : null}
      <UnsavedLine draft={draft} discards />
      <Grid minWidth={FIELD}>
        <TextField
          label={t('filmedSet.rpe')}
          value={rpe}
          onChangeText={(next) => draft.change({ rpe: next })}
          inputMode="decimal"
        />
        {isHold ? null : (
          <TextField
            label={t('filmedSet.rir')}
            value={rir}
            onChangeText={(next) => draft.change({ rir: next })}
            inputMode="numeric"
          />
        )}
        {WITH_WEIGHT.includes(check.exercise) ? (
          <TextField
            label={t('filmedSet.external')}
            value={external}
            onChangeText={(next) => draft.change({ external: next })}
            inputMode="decimal"
            suffix={format.mass(0)?.unit}
          />
        ) : null}
        {isPushUp ? (
          <Select<Variant>
            label={t('filmedSet.variant')}
            value={variant}
            options={VARIANTS.map((value) => ({ value, label: t(`filmedSet.variants.${value}`) }))}
            onChange={(next) => draft.change({ variant: next })}
          />
        ) : null}
      </Grid>
      <Button
        label={t('filmedSet.save')}
        variant="secondary"
        busy={save.isPending}
        onPress={() => save.mutate()}
      />
    </Card>
  );
}
