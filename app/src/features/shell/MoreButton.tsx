import { useTranslation } from 'react-i18next';

import { Button } from '@/design';

export interface PagedList {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => Promise<unknown>;
}

/** Fetches the next page of a list; absent where everything is shown. */
export function MoreButton({ list }: { list: PagedList }) {
  const { t } = useTranslation();
  if (!list.hasNextPage) return null;
  return (
    <Button
      label={t('community.more')}
      variant="secondary"
      align="center"
      busy={list.isFetchingNextPage}
      onPress={() => void list.fetchNextPage()}
    />
  );
}
