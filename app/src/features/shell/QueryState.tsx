import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { ErrorState, SkeletonList } from '@/design';

import { useErrorText } from './useErrorText';

type Loaded<Body> = Pick<UseQueryResult<Body>, 'data' | 'error' | 'refetch'> &
  Partial<Pick<UseQueryResult<Body>, 'fetchStatus'>>;

/** Shows what was fetched, its skeleton while it is on the way, or why it did not come. Old data stays while offline. */
export function QueryState<Body>({
  query,
  skeleton,
  children,
}: {
  query: Loaded<Body>;
  skeleton: { count: number; height: number };
  children: (body: Body) => ReactNode;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) {
    const { message, remedy } = errorText(query.error);
    return (
      <ErrorState
        title={t('error.title')}
        message={message}
        remedy={remedy}
        retryLabel={t('error.retry')}
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (query.fetchStatus === 'paused') {
    return (
      <ErrorState
        title={t('offline.title')}
        message={t('offline.notKept')}
        retryLabel={t('error.retry')}
        onRetry={() => void query.refetch()}
      />
    );
  }
  return <SkeletonList label={t('state.loading')} {...skeleton} />;
}
