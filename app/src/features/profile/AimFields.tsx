import { useTranslation } from 'react-i18next';

import type { Athlete, AthleteChange } from '@/api/types';
import { Box, Checkbox, Row, Select, Text } from '@/design';
import { planSports } from '@/features/plan/order';

type Aim = NonNullable<Athlete['aim']>;

const aims: readonly Aim[] = ['race', 'general_fitness', 'threshold_gain', 'strength_max_reps', 'maintain'];
const UNSAID = 'unsaid';

/** What somebody trains and what for; each is kept as soon as it is chosen. */
export function AimFields({
  athlete,
  onChange,
}: {
  athlete: Athlete;
  onChange: (change: AthleteChange) => void;
}) {
  const { t } = useTranslation();
  const chosen = athlete.sports ?? [];
  return (
    <>
      <Box gap="xs" role="group" aria-label={t('welcome.sports')}>
        <Text variant="label">{t('welcome.sports')}</Text>
        <Row gap="l" wrap>
          {planSports.map((sport) => (
            <Checkbox
              key={sport}
              label={t(`planSport.${sport}`)}
              checked={chosen.includes(sport)}
              onChange={(checked) =>
                onChange({ sports: checked ? [...chosen, sport] : chosen.filter((one) => one !== sport) })
              }
            />
          ))}
        </Row>
      </Box>
      <Select<Aim | typeof UNSAID>
        label={t('welcome.aim')}
        value={athlete.aim ?? UNSAID}
        onChange={(aim) => onChange({ aim: aim === UNSAID ? null : aim })}
        options={[
          { value: UNSAID, label: t('welcome.aimUnsaid') },
          ...aims.map((value) => ({ value, label: t(`newPlan.goals.${value}`) })),
        ]}
      />
    </>
  );
}
