/** What was taken away from one; under the key of the community, so that its events refresh it. */
import { infiniteQueryOptions } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { components } from '@/api/schema';

export type Removal = components['schemas']['Removal'];

export const removalsQuery = () =>
  infiniteQueryOptions({
    queryKey: [...keys.community, 'removals'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answer(
        api().GET('/api/v1/community/removals', {
          params: { query: pageParam === null ? {} : { cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
