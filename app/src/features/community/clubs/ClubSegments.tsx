import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { Box, Button, Card, Row, Text } from '@/design';
import { clubSegmentsQuery } from '@/features/segments/segmentQueries';
import { MoreButton } from '@/features/shell/MoreButton';
import { QueryState } from '@/features/shell/QueryState';
import { useFormat } from '@/i18n/useFormat';

import { eachOnce } from '../communityQueries';
import type { Club } from './clubQueries';

/** The stretches that members share with their club. */
export function ClubSegments({ club }: { club: Club }) {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useInfiniteQuery(clubSegmentsQuery(club.id));
  return (
    <Card title={t('segment.title')}>
      <QueryState query={list} skeleton={{ count: 1, height: 48 }}>
        {({ pages }) => {
          const items = eachOnce(pages);
          if (items.length === 0) return <Text tone="textSecondary">{t('club.noSegments')}</Text>;
          return (
            <Box gap="s" role="list" aria-label={t('segment.title')}>
              {items.map((one) => (
                <Box key={one.id} role="listitem">
                  <Row>
                    <Button
                      href={`/segments/${one.id}`}
                      label={one.name}
                      variant="quiet"
                      flush="start"
                      wraps
                      small
                    />
                  </Row>
                  <Text variant="caption" tone="textSecondary">
                    {[
                      t(`sport.${one.sport}`),
                      format.distance(one.length_m, one.sport)?.text,
                      one.owner ? t('segment.by', { name: one.owner.name }) : null,
                      one.best_s === null || one.best_s === undefined ? null : format.clock(one.best_s),
                    ]
                      .filter(Boolean)
                      .join(' · ')}
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
