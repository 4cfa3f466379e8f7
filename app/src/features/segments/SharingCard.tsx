import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { Banner, Button, Card, Checkbox, Row, SegmentedControl, Select, Text } from '@/design';
import { clubsQuery, isMember } from '@/features/community/clubs/clubQueries';
import { ReportForm } from '@/features/community/ReportButton';
import { useErrorText } from '@/features/shell/useErrorText';

import { type Segment, type SegmentChange, useSegmentChange } from './segmentQueries';

/** Who sees the segment, and whether one's own efforts stand on its board. */
export function SharingCard({ segment }: { segment: Segment }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const params = { path: { segment_id: segment.id } };
  const clubs = (useInfiniteQuery(clubsQuery('mine')).data?.pages ?? [])
    .flatMap((page) => page.items)
    .filter((one) => isMember(one.standing));
  const share = useSegmentChange((body: Pick<SegmentChange, 'audience' | 'club_id'>) =>
    answer(api().PATCH('/api/v1/segments/{segment_id}', { params, body })),
  );
  const choose = (audience: Segment['audience']) => {
    if (audience !== 'club') return share.mutate({ audience });
    const club_id = segment.club?.id ?? clubs[0]?.id;
    if (club_id) share.mutate({ audience, club_id });
  };
  const take = useSegmentChange((shares_efforts: boolean) =>
    answer(api().PUT('/api/v1/segments/{segment_id}/membership', { params, body: { shares_efforts } })),
  );
  const leave = useSegmentChange(() =>
    answer(api().DELETE('/api/v1/segments/{segment_id}/membership', { params })),
  );
  const error = share.error ?? take.error ?? leave.error;
  const failure = error ? errorText(error) : null;
  return (
    <Card title={t('segment.sharing')}>
      {failure ? (
        <Banner tone="danger" urgent title={failure.message}>
          {failure.remedy}
        </Banner>
      ) : null}
      {segment.is_own ? (
        segment.can_share || segment.audience !== 'me' ? (
          <SegmentedControl<Segment['audience']>
            label={t('segment.whoSees')}
            value={segment.audience}
            onChange={choose}
            options={(
              ['me', 'followers', ...(clubs.length > 0 || segment.club ? (['club'] as const) : [])] as const
            ).map((value) => ({
              value,
              label: t(`segment.audience.${value}`),
            }))}
          />
        ) : (
          <Text tone="textSecondary">{t('segment.cannotShare')}</Text>
        )
      ) : null}
      {segment.is_own && segment.club ? (
        <Select<string>
          label={t('segment.whichClub')}
          hint={t('segment.clubHint')}
          value={segment.club.id}
          onChange={(club_id) => share.mutate({ audience: 'club', club_id })}
          options={clubs.map((one) => ({ value: one.id, label: one.name }))}
        />
      ) : null}
      {!segment.is_own && segment.club ? (
        <Text variant="caption" tone="textSecondary">
          {t('segment.ofClub', { name: segment.club.name })}
        </Text>
      ) : null}
      {segment.audience === 'me' ? (
        segment.can_share ? (
          <Text variant="caption" tone="textSecondary">
            {t('segment.onlyYou')}
          </Text>
        ) : null
      ) : segment.is_joined ? (
        <>
          <Checkbox
            label={t('segment.shareEfforts')}
            checked={segment.shares_efforts}
            onChange={(shares) => take.mutate(shares)}
          />
          <Text variant="caption" tone="textSecondary">
            {t('segment.shareEffortsHint')}
          </Text>
        </>
      ) : (
        <>
          <Text variant="caption" tone="textSecondary">
            {t('segment.joinNote')}
          </Text>
          <Row>
            <Button label={t('segment.join')} busy={take.isPending} onPress={() => take.mutate(false)} />
          </Row>
        </>
      )}
      {segment.is_own ? null : (
        <Row>
          <ReportForm
            about={segment.id}
            report={(body) => answer(api().POST('/api/v1/segments/{segment_id}/reports', { params, body }))}
          />
        </Row>
      )}
      {segment.is_joined && !segment.is_own ? (
        <Row>
          <Button
            label={t('segment.leave')}
            variant="secondary"
            small
            busy={leave.isPending}
            onPress={() => leave.mutate(undefined)}
          />
        </Row>
      ) : null}
    </Card>
  );
}
