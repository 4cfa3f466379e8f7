import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Plan } from '@/api/types';
import { Badge, Box, Card, Row, Stat, StatGrid, Text } from '@/design';
import { DaysTable } from '@/features/fitness/DaysTable';
import { FitnessChart } from '@/features/fitness/FitnessChart';
import { TableToggle } from '@/features/shell/TableToggle';
import { useFormat } from '@/i18n/useFormat';

import { raceTimeQuery } from './planQueries';
import { RaceTimeBox } from './RaceTimeBox';
import { phasesOf, plannedTime_s, racesOf } from './season';

type Loose = Record<string, unknown>;

function part(value: unknown, name: string): Loose | null {
  const found = typeof value === 'object' && value !== null ? (value as Loose)[name] : null;
  return typeof found === 'object' && found !== null ? (found as Loose) : null;
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

const SHORT = { day: 'numeric', month: 'short' } as const;

/** The whole season at a glance: its races, its phases, and where fitness, fatigue and form go. */
export function SeasonCard({ plan }: { plan: Plan }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const [cursor, setCursor] = useState<number | null>(null);
  const [asTable, setAsTable] = useState(false);
  const races = racesOf(plan.request);
  const raceTime = useQuery({ ...raceTimeQuery(plan.id), enabled: races.some((race) => race.isGoal) });
  const outlook = plan.document.forecast ?? null;
  const start = part(outlook, 'start');
  const end = part(outlook, 'end');
  const race = part(outlook, 'race');
  const number = (value: number | null) => (value === null ? null : format.number(value));
  const expected = (date: string) => {
    const seconds = plannedTime_s(plan.document.days, date);
    return seconds === null ? null : t('season.about', { time: format.clock(seconds) });
  };
  const today = format.today();
  const days = plan.document.days.map((day, index, all) => ({
    date: day.date,
    ctl: day.ctl ?? 0,
    atl: day.atl ?? 0,
    tsb: day.tsb ?? 0,
    tsb_morning: (index === 0 ? finite(start?.tsb) : all[index - 1]?.tsb) ?? 0,
    load_au: typeof day.load === 'number' ? day.load : 0,
  }));
  const ahead = days.findIndex((day) => day.date >= today);
  const goal = races.find((item) => item.isGoal);
  const goalIndex = goal ? days.findIndex((day) => day.date === goal.date) : -1;
  const phases = phasesOf(plan.document.phases);
  const phaseName = (name: string) =>
    i18n.exists(`plan.phase.${name}`) ? t(`plan.phase.${name as 'base'}`) : name;
  const span = (first: string, last: string) =>
    first === last ? format.day(first, SHORT) : `${format.day(first, SHORT)} – ${format.day(last, SHORT)}`;
  return (
    <Card title={t('season.title')} caption={t('season.caption')} testID="season" folds>
      {raceTime.data ? <RaceTimeBox raceTime={raceTime.data} /> : null}
      {races.length > 0 ? (
        <Box gap="s" role="list" aria-label={t('season.races')}>
          {races.map((item) => (
            <Row key={item.date} gap="s" role="listitem">
              <Badge
                label={t('season.priority', { priority: item.priority })}
                tone={item.isGoal ? 'accent' : 'neutral'}
              />
              <Box flex={1} minWidth={0}>
                <Text variant="label">
                  {[
                    item.distance_m === null ? null : format.raceDistance(item.distance_m),
                    t(`planSport.${item.sport as 'running'}`),
                    item.isGoal ? null : expected(item.date),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </Text>
              </Box>
              <Text variant="caption" tone="textSecondary">
                {format.day(item.date, { weekday: 'short', day: 'numeric', month: 'short' })}
              </Text>
            </Row>
          ))}
        </Box>
      ) : null}
      <StatGrid minWidth={88}>
        {[
          <Stat key="start" label={t('season.fitnessNow')} value={number(finite(start?.ctl))} />,
          <Stat key="end" label={t('season.fitnessEnd')} value={number(finite(end?.ctl))} />,
          <Stat
            key="form"
            label={t(race ? 'season.formRace' : 'season.form')}
            value={number(race ? finite(race.tsb_on_the_morning) : finite(end?.tsb))}
          />,
        ]}
      </StatGrid>
      <Row gap="xxs" aria-hidden>
        {phases.map((phase, index) => (
          <Box
            key={phase.start}
            flex={phase.days}
            minWidth={0}
            background={phase.start <= today && today <= phase.end ? 'accentSoft' : 'surfaceSunken'}
            radius="s"
            padding="xs"
            testID={`phase-${index}`}
          >
            <Text variant="caption" numberOfLines={1}>
              {phase.days * days.length > 0 && phase.days / days.length > 0.12 ? phaseName(phase.name) : ' '}
            </Text>
          </Box>
        ))}
      </Row>
      {asTable ? (
        <DaysTable label={t('season.title')} days={days} />
      ) : (
        <FitnessChart
          days={days}
          forecastFrom={ahead > 0 ? ahead : null}
          goalIndex={goalIndex < 0 ? null : goalIndex}
          cursor={cursor}
          onCursor={setCursor}
        />
      )}
      <Row justify="flex-end">
        <TableToggle asTable={asTable} of={t('season.title')} onChange={setAsTable} />
      </Row>
      <Box gap="s" role="list" aria-label={t('season.phases')}>
        {phases.map((phase) => {
          const focus = `season.focus.${phase.name}`;
          return (
            <Box key={phase.start} role="listitem">
              <Row justify="space-between" gap="s">
                <Text variant="label">{phaseName(phase.name)}</Text>
                <Text variant="caption" tone="textSecondary">
                  {span(phase.start, phase.end)}
                </Text>
              </Row>
              <Text variant="caption" tone="textSecondary">
                {i18n.exists(focus) ? t(focus as 'season.focus.base') : phase.focus}
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
