import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { Banner, Button } from '@/design';

import { removalsQuery } from './removalQueries';

/** Days for which an answer to an appeal is pointed at. */
const ANSWER_SHOWN_DAYS = 7;

/** Says that something was taken away while there is something to say to it, or an answer to read. */
export function RemovalsNotice() {
  const { t } = useTranslation();
  const list = useInfiniteQuery(removalsQuery());
  const latest = list.data?.pages[0]?.items ?? [];
  const since = list.dataUpdatedAt - ANSWER_SHOWN_DAYS * 86_400_000;
  const isNews = latest.some(
    (one) => one.may_appeal || (one.answered_at !== null && Date.parse(one.answered_at) > since),
  );
  if (!isNews) return null;
  return (
    <Banner
      title={t('community.removals.notice')}
      action={
        <Button href="/community/removals" label={t('community.removals.look')} variant="secondary" small />
      }
    />
  );
}
