import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'expo-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { activitiesSinceQuery, keys, meQuery } from '@/api/queries';
import type { JobPage } from '@/api/types';
import {
  Banner,
  Box,
  Button,
  Card,
  Checkbox,
  Columns,
  DateField,
  Grid,
  Row,
  Screen,
  SegmentedControl,
  Select,
  Text,
  TextField,
} from '@/design';
import { useChangeMe } from '@/features/profile/useChangeMe';
import { useFormDraft } from '@/features/shell/drafts';
import { UnsavedLine } from '@/features/shell/UnsavedLine';
import { useErrorText } from '@/features/shell/useErrorText';
import { FoundThresholds } from '@/features/today/FoundThresholds';
import { useFormat } from '@/i18n/useFormat';
import { dayDate } from '@/lib/time';
import { withJob } from '@/realtime/applyEvent';

import { habitSince, usualMinutes } from './habit';
import {
  equipments,
  exercises,
  experiences,
  goalsFor,
  isPlanForm,
  minuteChoices,
  NO_GOAL,
  type PlanForm,
  planSports,
  priorities,
  problemsOf,
  raceDistances_m,
  requestOf,
  strengthTimes,
  wantedForm,
  weekdays,
  withSport,
} from './order';
import { OtherRacesCard } from './OtherRacesCard';

type SetForm = (change: (form: PlanForm) => PlanForm) => void;

export function NewPlanScreen() {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const router = useRouter();
  const client = useQueryClient();
  const { data: me } = useQuery({ ...meQuery(), enabled: false });
  const [wanted] = useState(() => wantedForm(format.today(), me));
  const { form, setForm, draft } = useFormDraft('plan', wanted, isPlanForm);
  const [tried, setTried] = useState(false);
  const problems = problemsOf(form, format.system);
  const changeMe = useChangeMe();
  const create = useMutation({
    mutationFn: async () => {
      // What somebody has at hand is kept for the next plan.
      if (form.equipment.join() !== (me?.equipment ?? []).join())
        await changeMe.mutateAsync({ equipment: [...form.equipment] });
      return answer(api().POST('/api/v1/plans', { body: { request: requestOf(form, format.system) } }));
    },
    onSuccess: (job) => {
      client.setQueryData<JobPage>(keys.jobs, (held) => (held === undefined ? held : withJob(held, job)));
      void client.invalidateQueries({ queryKey: keys.jobs });
      draft.forget();
      router.replace('/plan');
    },
  });
  const submit = () => {
    setTried(true);
    if (problems.length === 0 && !create.isPending) create.mutate();
  };
  const failure = create.error ? errorText(create.error) : null;
  return (
    <Screen
      title={t('newPlan.title')}
      subtitle={t('newPlan.subtitle')}
      back={{ href: '/plan', label: t('plan.title') }}
    >
      <Columns
        main={
          <>
            {failure ? (
              <Banner tone="danger" urgent title={failure.message}>
                {failure.remedy ?? undefined}
              </Banner>
            ) : null}
            <UnsavedLine draft={draft} discards />
            <FoundThresholds />
            <GoalCard form={form} setForm={setForm} tried={tried} />
            {form.goal === NO_GOAL ? null : <TimeCard form={form} setForm={setForm} tried={tried} />}
            {form.sport === 'strength' || form.goal === NO_GOAL ? null : (
              <OtherRacesCard
                form={form}
                tried={tried}
                onChange={(otherRaces) => setForm((held) => ({ ...held, otherRaces }))}
              />
            )}
            <StrengthCard form={form} setForm={setForm} />
            {tried && problems.length > 0 ? (
              <Text variant="caption" tone="dangerText" role="alert">
                {t('newPlan.notYet')}
              </Text>
            ) : null}
            <Button
              label={t('newPlan.submit')}
              disabled={form.goal === NO_GOAL}
              busy={create.isPending}
              onPress={submit}
            />
          </>
        }
        aside={
          <Card title={t('newPlan.promiseTitle')}>
            {(['hard', 'growth', 'time', 'rest'] as const).map((item) => (
              <Text key={item} variant="caption">
                {t(`newPlan.promise.${item}`)}
              </Text>
            ))}
            <Text variant="caption" tone="textSecondary">
              {t('newPlan.noWeight')}
            </Text>
          </Card>
        }
      />
    </Screen>
  );
}

function GoalCard({ form, setForm, tried }: { form: PlanForm; setForm: SetForm; tried: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const problems = tried ? problemsOf(form, format.system) : [];
  const distances = raceDistances_m[form.sport];
  return (
    <Card title={t('newPlan.goal')}>
      <Grid minWidth={220}>
        <Select
          label={t('newPlan.sport')}
          value={form.sport}
          onChange={(sport) => setForm((held) => withSport(held, sport))}
          options={planSports.map((value) => ({ value, label: t(`planSport.${value}`) }))}
        />
        <Select
          label={t('newPlan.goalType')}
          value={form.goal}
          onChange={(goal) => setForm((held) => ({ ...held, goal }))}
          options={goalsFor(form.sport).map((value) => ({ value, label: t(`newPlan.goals.${value}`) }))}
        />
        {form.goal === 'race' ? (
          <Select
            label={t('field.distance')}
            value={String(form.distance_m)}
            onChange={(value) => setForm((held) => ({ ...held, distance_m: Number(value) }))}
            options={[
              ...distances.map((value) => ({
                value: String(value),
                label:
                  form.sport === 'swimming'
                    ? (format.distance(value, 'swimming')?.text ?? '')
                    : format.raceDistance(value),
              })),
              { value: '0', label: t('newPlan.otherDistance') },
            ]}
          />
        ) : null}
        {form.goal === 'race' && form.distance_m === 0 ? (
          <TextField
            label={t(format.system === 'imperial' ? 'newPlan.distanceMi' : 'newPlan.distanceKm')}
            value={form.otherDistance}
            inputMode="decimal"
            error={problems.includes('distance') ? t('newPlan.distanceError') : null}
            onChangeText={(otherDistance) => setForm((held) => ({ ...held, otherDistance }))}
          />
        ) : null}
        {form.goal === 'race' ? (
          <Select
            label={t('newPlan.priority')}
            value={form.priority}
            onChange={(priority) => setForm((held) => ({ ...held, priority }))}
            options={priorities.map((value) => ({ value, label: t(`newPlan.priorities.${value}`) }))}
          />
        ) : null}
        {form.goal === 'strength_max_reps' ? (
          <Select
            label={t('newPlan.exercise')}
            value={form.exercise}
            onChange={(exercise) => setForm((held) => ({ ...held, exercise }))}
            options={exercises.map((value) => ({ value, label: t(`newPlan.exercises.${value}`) }))}
          />
        ) : null}
        {form.goal === 'general_fitness' ? (
          <TextField
            label={t('newPlan.hours')}
            value={form.hours}
            inputMode="decimal"
            onChangeText={(hours) => setForm((held) => ({ ...held, hours }))}
          />
        ) : null}
        {form.goal === 'race' ? (
          <DateField
            label={t('newPlan.raceDate')}
            value={form.raceDate}
            min={form.start}
            error={problems.includes('raceDate') ? t('newPlan.raceDateError') : null}
            onChange={(raceDate) => setForm((held) => ({ ...held, raceDate }))}
          />
        ) : form.goal === NO_GOAL ? null : (
          <Select
            label={t('newPlan.weeks')}
            value={String(form.weeks)}
            onChange={(value) => setForm((held) => ({ ...held, weeks: Number(value) }))}
            options={[4, 6, 8, 10, 12, 16].map((value) => ({
              value: String(value),
              label: t('newPlan.weekCount', { count: value }),
            }))}
          />
        )}
        {form.goal === 'threshold_gain' ? (
          <Select
            label={t('newPlan.gain')}
            value={String(form.gain_pct)}
            onChange={(value) => setForm((held) => ({ ...held, gain_pct: Number(value) }))}
            options={[2, 3, 5, 8].map((value) => ({
              value: String(value),
              label: `${value} ${t('unit.percent')}`,
            }))}
          />
        ) : null}
        {form.goal === 'strength_max_reps' ? (
          <TextField
            label={t('newPlan.currentReps')}
            value={form.currentReps}
            inputMode="numeric"
            onChangeText={(currentReps) => setForm((held) => ({ ...held, currentReps }))}
          />
        ) : null}
        {form.goal === 'strength_max_reps' ? (
          <TextField
            label={t('newPlan.targetReps')}
            value={form.targetReps}
            inputMode="numeric"
            error={problems.includes('reps') ? t('newPlan.repsError') : null}
            onChangeText={(targetReps) => setForm((held) => ({ ...held, targetReps }))}
          />
        ) : null}
      </Grid>
      {form.goal === NO_GOAL ? (
        <Banner tone="info" title={t('newPlan.weightTitle')}>
          {t('newPlan.noWeight')}
        </Banner>
      ) : null}
      <Box gap="xs">
        <Text variant="label">{t('newPlan.experience')}</Text>
        <SegmentedControl
          label={t('newPlan.experience')}
          value={form.experience}
          onChange={(experience) => setForm((held) => ({ ...held, experience }))}
          fill
          options={experiences.map((value) => ({ value, label: t(`newPlan.experiences.${value}`) }))}
        />
        <Text variant="caption" tone="textSecondary">
          {t(`newPlan.experienceNote.${form.experience}`)}
        </Text>
      </Box>
    </Card>
  );
}

function StrengthCard({ form, setForm }: { form: PlanForm; setForm: SetForm }) {
  const { t } = useTranslation();
  if (form.goal === 'strength_max_reps' || form.goal === NO_GOAL) return null;
  return (
    <Card title={t('newPlan.strength')}>
      {form.sport === 'strength' ? null : (
        <Select
          label={t('newPlan.strength')}
          hideLabel
          value={form.strength}
          onChange={(strength) => setForm((held) => ({ ...held, strength }))}
          options={strengthTimes.map((value) => ({ value, label: t(`newPlan.strengthTimes.${value}`) }))}
        />
      )}
      <Text variant="label">{t('newPlan.equipment')}</Text>
      <Row gap="m" wrap>
        {equipments.map((item) => (
          <Checkbox
            key={item}
            label={t(`newPlan.equipmentNames.${item}`)}
            checked={form.equipment.includes(item)}
            onChange={(checked) =>
              setForm((held) => ({
                ...held,
                equipment: checked ? [...held.equipment, item] : held.equipment.filter((one) => one !== item),
              }))
            }
          />
        ))}
      </Row>
    </Card>
  );
}

/** 5 January 2026 was a Monday; only its weekday is shown. */
const SOME_MONDAY = '2026-01-05';

function TimeCard({ form, setForm, tried }: { form: PlanForm; setForm: SetForm; tried: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const problems = tried ? problemsOf(form, format.system) : [];
  const total = Object.values(form.minutes).reduce((sum, minutes) => sum + minutes, 0);
  const weekdayName = (place: number) => {
    const date = dayDate(SOME_MONDAY);
    date.setUTCDate(date.getUTCDate() + place);
    return format.day(date.toISOString().slice(0, 10), { weekday: 'long' });
  };
  const recent = useQuery(activitiesSinceQuery(habitSince(format.today())));
  const usual = usualMinutes(recent.data?.items ?? [], format.today(), form.sport);
  const isUsual = usual !== null && weekdays.every((day) => usual[day] === form.minutes[day]);
  const label = (minutes: number) =>
    minutes === 0
      ? t('newPlan.noTime')
      : minutes < 60
        ? t('duration.min', { value: minutes })
        : t('duration.h', {
            value: format.number(minutes / 60, minutes % 60 === 0 ? 0 : 2).replace(/0$/, ''),
          });
  return (
    <Card
      title={t('newPlan.time')}
      caption={t('newPlan.timeCaption', { hours: format.number(total / 60, 1) })}
    >
      <DateField
        label={t('newPlan.start')}
        value={form.start}
        error={problems.includes('start') ? t('newPlan.startError') : null}
        onChange={(start) => setForm((held) => ({ ...held, start }))}
      />
      <Grid minWidth={130} gap="m">
        {weekdays.map((day, place) => (
          <Select
            key={day}
            label={weekdayName(place)}
            value={String(form.minutes[day])}
            onChange={(value) =>
              setForm((held) => ({ ...held, minutes: { ...held.minutes, [day]: Number(value) } }))
            }
            options={minuteChoices.map((minutes) => ({ value: String(minutes), label: label(minutes) }))}
          />
        ))}
      </Grid>
      {usual === null || isUsual ? null : (
        <Box gap="xs">
          <Text variant="caption" tone="textSecondary">
            {t('newPlan.usual', {
              hours: format.number(Object.values(usual).reduce((sum, one) => sum + one, 0) / 60, 1),
            })}{' '}
            {weekdays
              .flatMap((day, place) =>
                usual[day] === 0 ? [] : [`${weekdayName(place)} ${label(usual[day])}`],
              )
              .join(', ')}
          </Text>
          <Button
            label={t('newPlan.takeUsual')}
            variant="secondary"
            small
            align="start"
            onPress={() => setForm((held) => ({ ...held, minutes: usual }))}
          />
        </Box>
      )}
      {problems.includes('minutes') ? (
        <Text variant="caption" tone="dangerText" role="alert">
          {t('newPlan.minutesError')}
        </Text>
      ) : null}
    </Card>
  );
}
