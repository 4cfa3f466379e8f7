import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { Box, Card, Row, Text } from '@/design';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';

import { type Challenge, evidenceQuery, type Ladder } from './challengeQueries';
import { useChallengeWords } from './useChallengeWords';

/** One's own ladder: from where one climbs, and the days that lifted the best. */
export function LadderCard({ challenge }: { challenge: Challenge }) {
  const { t } = useTranslation();
  const evidence = useQuery(evidenceQuery(challenge.id));
  return (
    <Card title={t('challenge.ladder.title')} caption={t('challenge.ladder.caption')}>
      <QueryState query={evidence} skeleton={{ count: 2, height: 40 }}>
        {({ ladder }) => (ladder ? <Steps challenge={challenge} ladder={ladder} /> : null)}
      </QueryState>
    </Card>
  );
}

function Steps({ challenge, ladder }: { challenge: Challenge; ladder: Ladder }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useChallengeWords();
  const day = (text: string) => format.day(text, { weekday: 'short', day: 'numeric', month: 'short' });
  if (ladder.base === null) return <Text tone="textSecondary">{t('challenge.ladder.none')}</Text>;
  const amount = words.amount(ladder.base, challenge);
  return (
    <>
      <Text>
        {ladder.starts_on
          ? t('challenge.ladder.starts', { amount, day: day(ladder.starts_on) })
          : t('challenge.ladder.base', { amount })}
      </Text>
      {ladder.steps.length === 0 ? (
        <Text tone="textSecondary">{t('challenge.ladder.noStep')}</Text>
      ) : (
        <Box gap="xs" role="list" aria-label={t('challenge.ladder.title')}>
          {ladder.steps.map((step) => (
            <Box key={step.day} role="listitem">
              <Row justify="space-between" gap="m" wrap>
                <Text tone="textSecondary">{day(step.day)}</Text>
                <Text variant="bodyStrong">
                  {t('challenge.ladder.step', {
                    amount: words.amount(step.amount, challenge),
                    reach: words.amount(step.counts_to, challenge),
                  })}
                </Text>
              </Row>
            </Box>
          ))}
        </Box>
      )}
    </>
  );
}
