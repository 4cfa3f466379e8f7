import { useTranslation } from 'react-i18next';

import type { Plan } from '@/api/types';
import { Box, Card, Row, Stat, StatGrid, Text } from '@/design';
import { useFormat } from '@/i18n/useFormat';

type Loose = Record<string, unknown>;

function part(value: unknown, name: string): Loose | null {
  const found = typeof value === 'object' && value !== null ? (value as Loose)[name] : null;
  return typeof found === 'object' && found !== null ? (found as Loose) : null;
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** The whole season at a glance: its phases, and where they lead. */
export function SeasonCard({ plan }: { plan: Plan }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const outlook = plan.document.forecast ?? null;
  const start = part(outlook, 'start');
  const end = part(outlook, 'end');
  const race = part(outlook, 'race');
  const number = (value: number | null) => (value === null ? null : format.number(value));
  const raceMinutes = finite(race?.minutes);
  const span = (first: unknown, last: unknown) =>
    [first, last]
      .filter((day): day is string => typeof day === 'string')
      .map((day) => format.day(day, { day: 'numeric', month: 'short' }))
      .filter((day, index, all) => all.indexOf(day) === index)
      .join(' – ');
  return (
    <Card title={t('season.title')} testID="season">
      <StatGrid minWidth={88}>
        {[
          <Stat key="start" label={t('season.fitnessNow')} value={number(finite(start?.ctl))} />,
          <Stat key="end" label={t('season.fitnessEnd')} value={number(finite(end?.ctl))} />,
          <Stat
            key="form"
            label={t('season.form')}
            value={number(race ? finite(race.tsb_on_the_morning) : finite(end?.tsb))}
          />,
          ...(raceMinutes === null
            ? []
            : [
                <Stat
                  key="race"
                  label={t('season.race')}
                  value={
                    raceMinutes < 60
                      ? format.number(raceMinutes)
                      : format.clock(raceMinutes * 60).replace(/:00$/, '')
                  }
                  unit={raceMinutes < 60 ? 'min' : t('plan.hours')}
                />,
              ]),
        ]}
      </StatGrid>
      <Box gap="s" role="list">
        {plan.document.phases.map((phase, index) => {
          const key = `plan.phase.${String(phase.name)}`;
          const focus = `season.focus.${String(phase.name)}`;
          return (
            <Box key={index} role="listitem">
              <Row justify="space-between" gap="s">
                <Text variant="label">
                  {i18n.exists(key) ? t(key as 'plan.phase.base') : String(phase.name)}
                </Text>
                <Text variant="caption" tone="textSecondary">
                  {span(phase.start, phase.end)}
                </Text>
              </Row>
              <Text variant="caption" tone="textSecondary">
                {i18n.exists(focus) ? t(focus as 'season.focus.base') : String(phase.focus ?? '')}
              </Text>
            </Box>
          );
        })}
      </Box>
      <Text variant="caption" tone="textSecondary">
        {t('season.note')}
      </Text>
    </Card>
  );
}
