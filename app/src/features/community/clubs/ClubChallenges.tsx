import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { Box, Button, Card, Row, Text } from '@/design';
import { MoreButton } from '@/features/shell/MoreButton';
import { QueryState } from '@/features/shell/QueryState';

import { clubChallengesQuery } from '../challenges/challengeQueries';
import { useChallengeWords } from '../challenges/useChallengeWords';
import { eachOnce } from '../communityQueries';
import type { Club } from './clubQueries';

/** What a club compares among its members, and the way to a new challenge of it. */
export function ClubChallenges({ club }: { club: Club }) {
  const { t } = useTranslation();
  const words = useChallengeWords();
  const list = useInfiniteQuery(clubChallengesQuery(club.id));
  return (
    <Card
      title={t('challenge.title')}
      action={
        <Button
          href={`/community/challenges/new?club=${club.id}`}
          label={t('challenge.new')}
          variant="secondary"
          small
        />
      }
    >
      <QueryState query={list} skeleton={{ count: 1, height: 48 }}>
        {({ pages }) => {
          const items = eachOnce(pages);
          if (items.length === 0) return <Text tone="textSecondary">{t('club.noChallenges')}</Text>;
          return (
            <Box gap="s" role="list" aria-label={t('challenge.title')}>
              {items.map((one) => (
                <Box key={one.id} role="listitem">
                  <Row>
                    <Button
                      href={`/community/challenges/${one.id}`}
                      label={one.title}
                      variant="quiet"
                      flush="start"
                      wraps
                      small
                    />
                  </Row>
                  <Text variant="caption" tone="textSecondary">
                    {[words.kind(one), words.days(one), t('challenge.people', { count: one.people })].join(
                      ' · ',
                    )}
                  </Text>
                </Box>
              ))}
              <MoreButton list={list} />
            </Box>
          );
        }}
      </QueryState>
    </Card>
  );
}
