import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { Box, Button, Card, Row, Text } from '@/design';
import { useFormat } from '@/i18n/useFormat';

import { effortsInActivityQuery } from './segmentQueries';

/** The segments that an activity passed, and the way to make one. */
export function PassedSegments({
  activityId,
  leg,
  hasRoute,
}: {
  activityId: string;
  leg: number;
  hasRoute: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const efforts = useQuery(effortsInActivityQuery(activityId));
  const passed = (efforts.data?.items ?? []).filter((one) => one.leg === leg);
  if (!hasRoute) return null;
  return (
    <Card title={t('segment.title')}>
      {passed.length === 0 ? (
        <Text variant="caption" tone="textSecondary">
          {t('segment.nonePassed')}
        </Text>
      ) : (
        <Box gap="s" role="list" aria-label={t('segment.title')}>
          {passed.map((one) => (
            <Box key={one.id} role="listitem">
              <Row justify="space-between" gap="m">
                <Box shrink minWidth={0}>
                  <Button
                    href={`/segments/${one.segment_id}`}
                    label={one.segment_name}
                    variant="quiet"
                    flush="start"
                    small
                  />
                  <Text variant="caption" tone="textSecondary">
                    {t('segment.rankOf', { rank: one.rank, of: one.of })}
                  </Text>
                </Box>
                <Text variant="bodyStrong" tabular>
                  {format.clock(one.elapsed_s)}
                </Text>
              </Row>
            </Box>
          ))}
        </Box>
      )}
      <Button
        href={`/segments/new?activity=${activityId}&leg=${leg}`}
        label={t('segment.new')}
        icon="plus"
        variant="secondary"
      />
    </Card>
  );
}
