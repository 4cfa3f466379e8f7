import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Box } from '@/design';
import { MoreButton } from '@/features/shell/MoreButton';
import { QueryState } from '@/features/shell/QueryState';

import { eachOnce, type Post } from './communityQueries';
import { PostCard } from './PostCard';

type Pages = InfiniteData<{ items: Post[]; next_cursor: string | null }, unknown>;

/** Posts page by page, or what to say when there are none. */
export function PostList({ query, empty }: { query: UseInfiniteQueryResult<Pages>; empty: ReactNode }) {
  const { t } = useTranslation();
  return (
    <QueryState query={query} skeleton={{ count: 3, height: 180 }}>
      {(held) => {
        const posts = eachOnce(held.pages);
        if (posts.length === 0) return empty;
        return (
          <Box gap="m" role="list" aria-label={t('community.posts')}>
            {posts.map((post) => (
              <Box key={post.id} role="listitem">
                <PostCard post={post} />
              </Box>
            ))}
            <MoreButton list={query} />
          </Box>
        );
      }}
    </QueryState>
  );
}
