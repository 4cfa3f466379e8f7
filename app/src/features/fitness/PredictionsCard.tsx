import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { predictionQuery } from '@/api/queries';
import type { FitnessForecast, RacePrediction } from '@/api/types';
import { Box, Card, Row, SegmentedControl, Stat, StatGrid, Table, Text } from '@/design';
import { QueryState } from '@/features/shell/QueryState';
import type en from '@/i18n/en.json';
import { useFormat } from '@/i18n/useFormat';

const HALF_M = 21_097.5;
const MARATHON_M = 42_195;
export const DISTANCES_M = [5000, 10_000, HALF_M, MARATHON_M] as const;
const NAMES = { 5000: 'k5', 10_000: 'k10', [HALF_M]: 'half', [MARATHON_M]: 'marathon' } as const;

const BASELINE_DAY = { day: 'numeric', month: 'long', year: 'numeric' } as const;

type ModelName = keyof (typeof en)['prediction']['model'];

/** Race times with intervals, the models behind them, the plain formula beside them, and why. */
export function PredictionsCard({ race }: { race: FitnessForecast | undefined }) {
  const { t } = useTranslation();
  const goal = DISTANCES_M.find((distance) => distance === race?.race_distance_m);
  const [chosen, setChosen] = useState<number | null>(null);
  const distance = chosen ?? goal ?? 10_000;
  const day = distance === goal ? (race?.race_date ?? null) : null;
  const prediction = useQuery(predictionQuery(distance, day));
  return (
    <Card title={t('prediction.title')} caption={t('prediction.caption')}>
      <SegmentedControl
        label={t('prediction.distance')}
        value={String(distance)}
        onChange={(next) => setChosen(Number(next))}
        options={DISTANCES_M.map((value) => ({
          value: String(value),
          label: t(`prediction.distances.${NAMES[value]}`),
        }))}
      />
      <QueryState query={prediction} skeleton={{ count: 1, height: 200 }}>
        {(body) =>
          body === null ? (
            <Text tone="textSecondary">{t('prediction.empty')}</Text>
          ) : (
            <Predicted prediction={body} day={day} />
          )
        }
      </QueryState>
    </Card>
  );
}

function Predicted({ prediction, day }: { prediction: RacePrediction; day: string | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const between = ([low, high]: readonly [number, number] | number[]) =>
    t('prediction.between', { low: format.clock(low ?? 0), high: format.clock(high ?? 0) });
  const rows = [
    ...prediction.models.map((model) => ({
      id: model.name,
      name: t(`prediction.model.${model.name as ModelName}`),
      time: format.clock(model.time_s),
      weight: `${format.number(model.weight * 100)} %`,
    })),
    {
      id: 'baseline',
      name: t('prediction.baseline'),
      time: prediction.baseline.time_s === null ? '–' : format.clock(prediction.baseline.time_s),
      weight: t('prediction.forComparison'),
    },
  ];
  return (
    <Box gap="m">
      {day === null ? null : (
        <Text variant="label" tone="textSecondary">
          {t('prediction.onDay', {
            day: format.day(day, { day: 'numeric', month: 'long', year: 'numeric' }),
          })}
        </Text>
      )}
      <StatGrid minWidth={140}>
        {[
          <Stat key="time" large label={t('prediction.time')} value={format.clock(prediction.time_s)} />,
          <Stat key="80" label={t('prediction.eightOfTen')} value={between(prediction.interval_80_s)} />,
          <Stat key="90" label={t('prediction.nineOfTen')} value={between(prediction.interval_90_s)} />,
        ]}
      </StatGrid>
      <Box gap="xxs">
        <Text variant="label" strong>
          {t('prediction.why')}
        </Text>
        {prediction.reasons.map((reason) => (
          <Text key={reason} variant="caption">
            {reason}
          </Text>
        ))}
        {prediction.others ? (
          <Text variant="caption">
            {t('prediction.others', { people: format.number(prediction.others.people) })}
          </Text>
        ) : null}
      </Box>
      <Table
        label={t('prediction.models')}
        columns={[
          {
            id: 'name',
            title: t('prediction.column.model'),
            grow: 3,
            minWidth: 120,
            cell: (row) => row.name,
          },
          { id: 'time', title: t('prediction.column.time'), numeric: true, cell: (row) => row.time },
          {
            id: 'weight',
            title: t('prediction.column.weight'),
            numeric: true,
            minWidth: 72,
            cell: (row) => row.weight,
          },
        ]}
        items={rows}
        keyOf={(row) => row.id}
        fits
      />
      <Text variant="caption" tone="textSecondary">
        {t(`prediction.baselineFrom.${prediction.baseline.code}`, {
          distance: format.raceDistance(prediction.baseline.distance_m ?? 0),
          flat: format.distance(prediction.baseline.distance_m)?.text ?? '',
          duration: format.clock(prediction.baseline.duration_s ?? 0),
          day: prediction.baseline.date === null ? '' : format.day(prediction.baseline.date, BASELINE_DAY),
        })}
      </Text>
      {prediction.warnings.length > 0 ? (
        <Box gap="xxs">
          <Text variant="label" strong>
            {t('prediction.uncertain')}
          </Text>
          {prediction.warnings.map((warning) => (
            <Text key={warning.message} variant="caption" tone="textSecondary">
              {warning.message}
            </Text>
          ))}
        </Box>
      ) : null}
      {prediction.races.length > 0 ? (
        <Row gap="xs" wrap>
          <Text variant="caption" tone="textSecondary">
            {t('prediction.racesFound', {
              races: prediction.races
                .slice(0, 3)
                .map((one) => `${one.title} (${format.clock(one.time_s)})`)
                .join(', '),
            })}
          </Text>
        </Row>
      ) : (
        <Text variant="caption" tone="textSecondary">
          {t('prediction.noRaces')}
        </Text>
      )}
    </Box>
  );
}
