import { useTranslation } from 'react-i18next';

import type { FitnessDay } from '@/api/types';
import { Box, Stat, StatGrid, Text } from '@/design';
import { useFormat } from '@/i18n/useFormat';

import { formState, weekChange } from './ranges';

/** Where somebody stands: the three numbers, how they moved in a week, and one sentence. */
export function FitnessStats({ days, day }: { days: readonly FitnessDay[]; day: FitnessDay }) {
  const { t } = useTranslation();
  const format = useFormat();
  const isLast = day === days.at(-1);
  const isToday = day.date === format.today();
  const evening = (pick: (item: FitnessDay) => number) => {
    const value = isLast ? weekChange(days, pick) : null;
    return [
      t(isToday ? 'fitness.thisEvening' : 'fitness.thatEvening'),
      ...(value === null ? [] : [t('fitness.weekChange', { value: format.signed(value) })]),
    ].join(' · ');
  };
  const state = formState(day);
  return (
    <Box gap="m">
      <StatGrid minWidth={88}>
        {[
          <Stat
            key="ctl"
            swatch="fitness"
            label={t('fitness.fitness')}
            value={format.number(day.ctl)}
            note={evening((item) => item.ctl)}
          />,
          <Stat
            key="atl"
            swatch="fatigue"
            label={t('fitness.fatigue')}
            value={format.number(day.atl)}
            note={evening((item) => item.atl)}
          />,
          <Stat
            key="tsb"
            swatch={day.tsb_morning >= 0 ? 'formPositive' : 'formNegative'}
            label={t('fitness.form')}
            value={format.signed(day.tsb_morning)}
            note={[
              t(isToday ? 'fitness.thisMorning' : 'fitness.thatMorning'),
              ...(state ? [t(`fitness.state.${state}`)] : []),
            ].join(' · ')}
          />,
        ]}
      </StatGrid>
      {isLast ? (
        <Text variant="caption" tone="textSecondary">
          {state ? t(`fitness.stateNote.${state}`) : t('fitness.tooLittle')}
        </Text>
      ) : null}
    </Box>
  );
}
