import { useTranslation } from 'react-i18next';

import { Box, Button, Card, DateField, Grid, Select, Text, TextField } from '@/design';
import { useFormat } from '@/i18n/useFormat';
import { addDays } from '@/lib/time';

import { endOf, MOST_OTHER_RACES, type OtherRace, type PlanForm, raceProblems } from './order';

const WAY_OF_A_PLAN_DAYS = 28;

/** Races on the way to the goal: the plan keeps their days free. */
export function OtherRacesCard({
  form,
  onChange,
  tried,
}: {
  form: PlanForm;
  onChange: (races: readonly OtherRace[]) => void;
  tried: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const races = form.otherRaces;
  const problems = (race: OtherRace) => (tried ? raceProblems(form, race, format.system) : []);
  const change = (place: number, part: Partial<OtherRace>) =>
    onChange(races.map((race, index) => (index === place ? { ...race, ...part } : race)));
  return (
    <Card title={t('otherRaces.title')} caption={t('otherRaces.caption')}>
      {races.map((race, place) => (
        <Box key={place} gap="s" role="group" aria-label={t('otherRaces.one', { number: place + 1 })}>
          <Grid minWidth={140} gap="m">
            <DateField
              label={t('newPlan.raceDate')}
              value={race.date}
              min={form.start}
              error={problems(race).includes('date') ? t('otherRaces.dateError') : null}
              onChange={(date) => change(place, { date })}
            />
            <TextField
              label={t(format.system === 'imperial' ? 'newPlan.distanceMi' : 'newPlan.distanceKm')}
              value={race.distance}
              inputMode="decimal"
              error={problems(race).includes('distance') ? t('newPlan.distanceError') : null}
              onChangeText={(distance) => change(place, { distance })}
            />
            <Select<'B' | 'C'>
              label={t('newPlan.priority')}
              value={race.priority}
              onChange={(priority) => change(place, { priority })}
              options={[
                { value: 'B', label: t('newPlan.priorities.B') },
                { value: 'C', label: t('newPlan.priorities.C') },
              ]}
            />
          </Grid>
          <Button
            label={t('otherRaces.remove')}
            accessibilityLabel={t('otherRaces.removeOne', { number: place + 1 })}
            variant="quiet"
            small
            flush="start"
            onPress={() => onChange(races.filter((_race, index) => index !== place))}
          />
        </Box>
      ))}
      {races.length === 0 ? <Text variant="caption">{t('otherRaces.none')}</Text> : null}
      {races.length < MOST_OTHER_RACES ? (
        <Button
          label={t('otherRaces.add')}
          icon="plus"
          variant="secondary"
          small
          onPress={() => {
            const last = addDays(endOf(form), -WAY_OF_A_PLAN_DAYS);
            const date = last > form.start ? last : addDays(form.start, 7);
            onChange([...races, { date, distance: '', priority: 'B' }]);
          }}
        />
      ) : null}
    </Card>
  );
}
