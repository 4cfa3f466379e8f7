import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { Badge, Box, Button, Card, Row, Text } from '@/design';
import { useFormWords } from '@/features/formChecks/useFormWords';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';

import { type Challenge, type CountedSet, evidenceQuery } from './challengeQueries';
import { leftOut, uncounted } from './scoreParts';

/** What one's own score is made of: each set, and why some of its repetitions do not count. */
export function ScoreCard({ challenge }: { challenge: Challenge }) {
  const { t } = useTranslation();
  const evidence = useQuery(evidenceQuery(challenge.id));
  return (
    <Card title={t('challenge.score.title')} caption={t('challenge.score.caption')}>
      <QueryState query={evidence} skeleton={{ count: 2, height: 72 }}>
        {({ sets }) =>
          sets.length === 0 ? (
            <Text tone="textSecondary">{t('challenge.score.none')}</Text>
          ) : (
            <Box gap="m" role="list" aria-label={t('challenge.score.title')}>
              {[...sets].reverse().map((set) => (
                <Box key={set.form_check_id} role="listitem">
                  <SetRow set={set} challenge={challenge} />
                </Box>
              ))}
            </Box>
          )
        }
      </QueryState>
    </Card>
  );
}

function SetRow({ set, challenge }: { set: CountedSet; challenge: Challenge }) {
  const { t } = useTranslation();
  const format = useFormat();
  const why = leftOut(set, challenge);
  const reason = useReason();
  return (
    <Box gap="xxs" padding="s" radius="m" background="surfaceSunken">
      <Row justify="space-between" gap="m" wrap>
        <Button
          href={`/form-checks/${set.form_check_id}`}
          label={format.day(set.day, { weekday: 'short', day: 'numeric', month: 'short' })}
          variant="quiet"
          flush="start"
          small
        />
        <Text variant="bodyStrong">
          {set.reps.length === 0
            ? t('challenge.score.noReps')
            : t('challenge.score.counted', { counted: set.count, count: set.reps.length })}
        </Text>
      </Row>
      {why ? <Badge label={t(`challenge.score.leftOut.${why}`)} tone="warning" /> : null}
      {uncounted(set.reps).map((item) => (
        <Text key={item.reason} variant="caption" tone="textSecondary">
          {t('challenge.score.because', {
            count: item.indexes.length,
            which: item.indexes.map((index) => format.number(index)).join(', '),
            reason: reason(item.reason),
          })}
        </Text>
      ))}
    </Box>
  );
}

/** Words for why a repetition does not count: our own for three of them, else the fault that was seen. */
function useReason(): (id: string) => string {
  const { t } = useTranslation();
  const words = useFormWords();
  return (id) => {
    if (id === 'not_complete' || id === 'too_short' || id === 'not_seen')
      return t(`challenge.score.reason.${id}`);
    return words.fault(id);
  };
}
