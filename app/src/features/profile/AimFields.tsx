import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Athlete, AthleteChange } from '@/api/types';
import { Box, Checkbox, Row, Select, Text } from '@/design';
import { type PlanSport, planSports } from '@/features/plan/order';

type Aim = NonNullable<Athlete['aim']>;

const aims: readonly Aim[] = ['race', 'general_fitness', 'threshold_gain', 'strength_max_reps', 'maintain'];
const UNSAID = 'unsaid';

/** What somebody trains and what for; each is kept as soon as it is chosen. */
export function AimFields({
  athlete,
  onChange,
}: {
  athlete: Athlete;
  /** `onSettled` follows the newest change once the server answered or refused it. */
  onChange: (change: AthleteChange, options?: { onSettled: () => void }) => void;
}) {
  const { t } = useTranslation();
  // What was ticked and is on its way; a second tick builds on the first before the server answers.
  const onItsWay = useRef<Athlete['sports']>(null);
  const [shown, setShown] = useState<Athlete['sports']>(null);
  const chosen = shown ?? athlete.sports ?? [];
  const keep = (sports: Athlete['sports']) => {
    onItsWay.current = sports;
    setShown(sports);
  };
  const settled = { onSettled: () => keep(null) };
  const tick = (sport: PlanSport, checked: boolean) => {
    const others = (onItsWay.current ?? athlete.sports ?? []).filter((one) => one !== sport);
    const sports = checked ? [...others, sport] : others;
    keep(sports);
    onChange({ sports }, settled);
  };
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
              onChange={(checked) => tick(sport, checked)}
            />
          ))}
        </Row>
      </Box>
      <Select<Aim | typeof UNSAID>
        label={t('welcome.aim')}
        value={athlete.aim ?? UNSAID}
        onChange={(aim) => onChange({ aim: aim === UNSAID ? null : aim }, settled)}
        options={[
          { value: UNSAID, label: t('welcome.aimUnsaid') },
          ...aims.map((value) => ({ value, label: t(`newPlan.goals.${value}`) })),
        ]}
      />
    </>
  );
}
