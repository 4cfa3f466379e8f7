/** What the community screens ask; under one key, so that one event refreshes them. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { components } from '@/api/schema';

type Schemas = components['schemas'];
export type Membership = Schemas['Membership'];
export type OwnProfile = Schemas['OwnProfile'];
export type ProfileChange = Schemas['ProfileChange'];
export type Person = Schemas['Person'];
export type Post = Schemas['Post'];
export type NewPost = Schemas['NewPost'];
export type Comment = Schemas['Comment'];
export type Snapshot = Schemas['Snapshot'];
export type Audience = Post['audience'];
export type ShownField = NonNullable<NewPost['shown']>[number];
export type RemotePerson = Schemas['RemotePerson'];
export type RemoteList = 'following' | 'followers' | 'blocks';
export type PeopleList = 'following' | 'followers' | 'requests' | 'blocks';

const PAGE_SIZE = 20;

export const membershipQuery = () =>
  queryOptions({
    queryKey: [...keys.community, 'me'],
    queryFn: () => answer(api().GET('/api/v1/community/me')),
  });

export const feedQuery = () =>
  infiniteQueryOptions({
    queryKey: [...keys.community, 'feed'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answer(
        api().GET('/api/v1/community/feed', {
          params: { query: { limit: PAGE_SIZE, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

export const postsOfQuery = (handle: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.community, 'person', handle, 'posts'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answer(
        api().GET('/api/v1/community/people/{handle}/posts', {
          params: {
            path: { handle },
            query: { limit: PAGE_SIZE, ...(pageParam === null ? {} : { cursor: pageParam }) },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

export const personQuery = (handle: string) =>
  queryOptions({
    queryKey: [...keys.community, 'person', handle],
    queryFn: () => answer(api().GET('/api/v1/community/people/{handle}', { params: { path: { handle } } })),
  });

export const peopleQuery = (list: PeopleList) =>
  queryOptions({
    queryKey: [...keys.community, list],
    queryFn: () => answer(api().GET(`/api/v1/community/${list}`)),
  });

export const federationQuery = () =>
  queryOptions({
    queryKey: [...keys.community, 'federation'],
    queryFn: () => answer(api().GET('/api/v1/community/federation')),
  });

export const remoteRequestsQuery = () =>
  queryOptions({
    queryKey: [...keys.community, 'remote', 'requests'],
    queryFn: () =>
      answer(api().GET('/api/v1/community/remote-followers', { params: { query: { accepted: false } } })),
  });

export const remotePeopleQuery = (list: RemoteList) =>
  queryOptions({
    queryKey: [...keys.community, 'remote', list],
    queryFn: () => answer(api().GET(`/api/v1/community/remote-${list}`)),
  });

export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: [...keys.community, 'search', q],
    enabled: q.trim().length >= 2,
    queryFn: () => answer(api().GET('/api/v1/community/people', { params: { query: { q: q.trim() } } })),
  });

export const postQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.community, 'post', id],
    queryFn: () =>
      answer(api().GET('/api/v1/community/posts/{post_id}', { params: { path: { post_id: id } } })),
  });

export const commentsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.community, 'post', id, 'comments'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answer(
        api().GET('/api/v1/community/posts/{post_id}/comments', {
          params: { path: { post_id: id }, query: pageParam === null ? {} : { cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });

/** Posts of all pages, each once: reacting while paging can move one. */
export function eachOnce<Item extends { id: string }>(pages: readonly { items: readonly Item[] }[]): Item[] {
  const found = new Map<string, Item>();
  for (const page of pages) for (const item of page.items) if (!found.has(item.id)) found.set(item.id, item);
  return [...found.values()];
}

/** A change in the community; all that is on the screen of it is fetched again. */
export function useCommunityChange<Given, Answer>(
  change: (given: Given) => Promise<Answer>,
  onDone?: (answered: Answer) => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async (answered) => {
      await client.invalidateQueries({ queryKey: keys.community });
      onDone?.(answered);
    },
  });
}

export const giveKudos = ({ post_id, given }: { post_id: string; given: boolean }) => {
  const at = { params: { path: { post_id } } };
  return answer(
    given
      ? api().PUT('/api/v1/community/posts/{post_id}/kudos', at)
      : api().DELETE('/api/v1/community/posts/{post_id}/kudos', at),
  );
};
