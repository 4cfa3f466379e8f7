import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { Box, Button, Card, ListRow, Row, Text } from '@/design';
import { QueryState } from '@/features/shell/QueryState';

import { eachOnce } from '../communityQueries';
import { challengesQuery } from './challengeQueries';
import { useChallengeWords } from './useChallengeWords';

const SHOWN = 4;

/** The challenges that somebody takes part in, with their own score. */
export function MyChallenges() {
  const { t } = useTranslation();
  const words = useChallengeWords();
  const list = useInfiniteQuery(challengesQuery('mine'));
  return (
    <Card title={t('challenge.mine')}>
      <QueryState query={list} skeleton={{ count: 2, height: 60 }}>
        {({ pages }) => {
          const items = eachOnce(pages).slice(0, SHOWN);
          if (items.length === 0)
            return (
              <>
                <Text tone="textSecondary">{t('challenge.none.mine')}</Text>
                <Button
                  href="/community/challenges/new"
                  label={t('challenge.new')}
                  variant="secondary"
                  small
                />
              </>
            );
          return (
            <Box gap="s" role="list" aria-label={t('challenge.mine')}>
              {items.map((challenge) => (
                <Box key={challenge.id} role="listitem">
                  <ListRow href={`/community/challenges/${challenge.id}`}>
                    <Row justify="space-between" gap="s">
                      <Text variant="bodyStrong" shrink>
                        {challenge.title}
                      </Text>
                      {challenge.entry ? (
                        <Text variant="label" tabular>
                          {words.score(challenge.entry.score, challenge)}
                        </Text>
                      ) : null}
                    </Row>
                    <Text variant="caption" tone="textSecondary">
                      {[words.days(challenge), t('challenge.people', { count: challenge.people })].join(
                        ' · ',
                      )}
                    </Text>
                  </ListRow>
                </Box>
              ))}
            </Box>
          );
        }}
      </QueryState>
    </Card>
  );
}
