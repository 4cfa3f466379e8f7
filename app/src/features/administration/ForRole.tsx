import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { securityQuery } from '@/api/queries';
import { Screen } from '@/design';
import { NotFoundScreen } from '@/features/shell/NotFoundScreen';
import { QueryState } from '@/features/shell/QueryState';

import type { Role } from './adminQueries';

/** A screen for people with one of the roles; for everybody else there is nothing at its address. */
export function ForRole({
  roles,
  title,
  children,
}: {
  roles: readonly Role[];
  title: string;
  children: ReactNode;
}) {
  const security = useQuery(securityQuery());
  if (security.data === undefined) {
    return (
      <Screen title={title}>
        <QueryState query={security} skeleton={{ count: 3, height: 96 }}>
          {() => null}
        </QueryState>
      </Screen>
    );
  }
  return roles.includes(security.data.role) ? children : <NotFoundScreen />;
}
