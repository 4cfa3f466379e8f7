import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { predictionRecordQuery, responseModelsQuery } from '@/api/queries';
import type { PastRacePrediction, PredictionRecord, ResponseModel } from '@/api/types';
import { Box, Card, Table, Text } from '@/design';
import { useFormat } from '@/i18n/useFormat';

const USUAL_MISS_RATE = 0.2;

/** How predictions of one's own races held, beside two plain rules; nothing before the second race. */
export function RecordCard() {
  const { t } = useTranslation();
  const record = useQuery(predictionRecordQuery());
  const responses = useQuery(responseModelsQuery());
  const models = responses.data?.items ?? [];
  const hasRaces = (record.data?.races.length ?? 0) > 0;
  if (!hasRaces && models.length === 0) return null;
  return (
    <Card title={t('record.title')} caption={t('record.caption')}>
      {record.data && hasRaces ? <Races record={record.data} /> : null}
      {models.map((model) => (
        <Response key={model.sport} model={model} />
      ))}
    </Card>
  );
}

function Races({ record }: { record: PredictionRecord }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { scores } = record;
  const percent = (value: number) => `${format.number(value, 1)} %`;
  const width =
    record.next_miss_rate_80 < USUAL_MISS_RATE
      ? 'record.wider'
      : record.next_miss_rate_80 > USUAL_MISS_RATE
        ? 'record.narrower'
        : null;
  return (
    <Box gap="m">
      <Table
        label={t('record.title')}
        columns={[
          {
            id: 'race',
            title: t('record.race'),
            grow: 2,
            minWidth: 96,
            cell: (race: PastRacePrediction) =>
              `${format.raceDistance(race.distance_m)}, ${format.day(race.date, { month: 'short', year: 'numeric' })}`,
          },
          { id: 'time', title: t('record.came'), numeric: true, cell: (race) => format.clock(race.time_s) },
          {
            id: 'predicted',
            title: t('record.predicted'),
            numeric: true,
            cell: (race) => format.clock(race.shown?.time_s ?? race.predicted_s),
          },
          {
            id: 'held',
            title: t('record.range'),
            numeric: true,
            minWidth: 64,
            cell: (race) => t((race.shown?.held ?? race.held) ? 'record.inside' : 'record.outside'),
          },
        ]}
        items={record.races}
        keyOf={(race) => race.activity_id}
      />
      {scores === null ? null : (
        <Text variant="caption">
          {t('record.scores', {
            ours: percent(scores.prediction_mae_pct),
            last: percent(scores.last_value_mae_pct),
            three: percent(scores.mean_of_three_mae_pct),
          })}
        </Text>
      )}
      {width === null ? null : (
        <Text variant="caption" tone="textSecondary">
          {t(width)}
        </Text>
      )}
      {record.shown_races > 0 ? (
        <Text variant="caption" tone="textSecondary">
          {t('record.shown', { count: record.shown_races, held: format.number(record.shown_held) })}
        </Text>
      ) : null}
    </Box>
  );
}

/** The response to training, shown as a number only where it beat both plain rules on one's own past. */
function Response({ model }: { model: ResponseModel }) {
  const { t } = useTranslation();
  const format = useFormat();
  const value = (amount: number | null) =>
    amount === null
      ? '–'
      : model.sport === 'cycling'
        ? (format.plain(amount, 'w')?.text ?? '–')
        : format.number(amount, 1);
  const percent = (amount: number | null) => (amount === null ? '–' : `${format.number(amount, 1)} %`);
  return (
    <Box gap="xxs">
      <Text variant="label" strong>
        {t(`record.response.${model.sport}`)}
      </Text>
      <Text variant="caption">
        {model.reason === 'too_few_tests'
          ? t('record.response.tooFew', { count: model.tests })
          : t(model.reason === 'earned' ? 'record.response.earned' : 'record.response.notBetter', {
              ours: percent(model.model_mae_pct),
              last: percent(model.last_value_mae_pct),
              three: percent(model.mean_of_three_mae_pct),
            })}
      </Text>
      {model.forecast === null ? null : (
        <Text variant="caption">
          {t('record.response.forecast', { value: value(model.forecast), last: value(model.last_value) })}
        </Text>
      )}
    </Box>
  );
}
