import { useTranslation } from 'react-i18next';

import { Box, Stat, StatGrid, Text } from '@/design';
import { type Shown, useFormat } from '@/i18n/useFormat';
import type { Side, TargetKind } from '@/live/cues/targets';
import { sideOf } from '@/live/player/senses';
import type { Measured, Workout } from '@/live/player/workout';

const TONES = { above: 'dangerText', below: 'infoText', within: 'successText' } as const satisfies Record<
  Side,
  string
>;

/** There is no pace of somebody who stands. */
const STANDING: Shown = { value: '–', unit: '', text: '–' };

type Reading = { kind: TargetKind; value: number; shown: Shown; name: string };

/** What the sensors say now, as the athlete reads it. */
function useReadings({ sport }: Workout, { speedMS, cadence, powerW }: Measured): Reading[] {
  const { t } = useTranslation();
  const format = useFormat();
  const isOnFoot = sport !== 'cycling';
  const readings: Reading[] = [];
  const add = (kind: TargetKind, value: number | null, shown: Shown | null, name: string) => {
    if (value !== null) readings.push({ kind, value, shown: shown ?? STANDING, name });
  };
  add('power', powerW, format.plain(powerW, 'w'), t('field.power'));
  add('pace', speedMS, format.speed(speedMS, sport), t(isOnFoot ? 'field.pace' : 'field.speed'));
  add('cadence', cadence, format.plain(cadence, isOnFoot ? 'spm' : 'rpm'), t('field.cadence'));
  return readings;
}

type Props = { workout: Workout; measured: Measured };

/** The heart rate, and what the step asks for: large, and coloured by the target. */
export function LargeReadings({ workout, bpm, measured }: Props & { bpm: number | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const readings = useReadings(workout, measured);
  return (
    <>
      {bpm === null ? null : (
        <Giant
          name={t('workout.bpm')}
          text={format.number(bpm)}
          unit={t('together.bpm')}
          side={sideOf(workout, 'hr', bpm)}
          testID="bpm"
        />
      )}
      {readings.map(({ kind, value, shown, name }) => {
        const side = sideOf(workout, kind, value);
        return side === null ? null : (
          <Giant key={kind} name={name} text={shown.value} unit={shown.unit} side={side} testID={kind} />
        );
      })}
    </>
  );
}

/** The rest of what is measured. */
export function SmallReadings({ workout, measured }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const small = useReadings(workout, measured).filter(
    ({ kind, value }) => sideOf(workout, kind, value) === null,
  );
  const distance = format.distance(workout.distanceM, workout.sport);
  if (small.length === 0 && distance === null) return null;
  return (
    <StatGrid>
      {[
        ...small.map(({ kind, shown, name }) => (
          <Stat key={kind} label={name} value={shown.value} unit={shown.unit} />
        )),
        ...(distance === null
          ? []
          : [
              <Stat key="distance" label={t('field.distance')} value={distance.value} unit={distance.unit} />,
            ]),
      ]}
    </StatGrid>
  );
}

/** A number with what it is under it, like the clock. */
function Giant({
  name,
  text,
  unit,
  side,
  testID,
}: {
  name: string;
  text: string;
  unit: string;
  side: Side | null;
  testID: string;
}) {
  return (
    <Box>
      <Text
        variant="giant"
        align="center"
        tabular
        tone={side === null ? undefined : TONES[side]}
        testID={testID}
      >
        {text}
      </Text>
      <Text tone="textSecondary" align="center">
        {unit === '' ? name : `${name} · ${unit}`}
      </Text>
    </Box>
  );
}
