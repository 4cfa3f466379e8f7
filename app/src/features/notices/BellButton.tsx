import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { Button } from '@/design';

import { shownCount } from './noticeParts';
import { unreadQuery } from './noticeQueries';

/** The way to the notices where the navigation has no room for it. */
export function BellButton() {
  const { t } = useTranslation();
  const { data: unread = 0 } = useQuery(unreadQuery());
  return (
    <Button
      href="/notices"
      icon="bell"
      small
      variant="secondary"
      label={unread === 0 ? t('notices.title') : t('notices.titleUnread', { shown: shownCount(unread) })}
    />
  );
}
