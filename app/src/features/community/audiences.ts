/** With whom a post is shared: oneself, followers, everybody, or one of one's clubs. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import type { Option } from '@/design';

import { clubsQuery, isMember } from './clubs/clubQueries';
import { type Audience, eachOnce, type Post } from './communityQueries';

export type AudienceKey = Exclude<Audience, 'club'> | `club:${string}`;
const ALWAYS = ['me', 'followers', 'public'] as const;

/** What the server is told of a choice. */
export function audienceBody(key: AudienceKey): { audience: Audience; club_id?: string } {
  return key.startsWith('club:')
    ? { audience: 'club', club_id: key.slice('club:'.length) }
    : { audience: key as Exclude<Audience, 'club'> };
}

/** The choice that a post stands for. */
export function audienceKey(post: Pick<Post, 'audience' | 'club'>): AudienceKey {
  if (post.audience !== 'club') return post.audience;
  return post.club ? `club:${post.club.id}` : 'me';
}

/** All choices: the usual ones, then the clubs that one is in. */
export function useAudiences(): Option<AudienceKey>[] {
  const { t } = useTranslation();
  const clubs = useInfiniteQuery(clubsQuery('mine'));
  const mine = eachOnce(clubs.data?.pages ?? []).filter((club) => isMember(club.standing));
  return [
    ...ALWAYS.map((value) => ({ value, label: t(`community.audience.${value}`) })),
    ...mine.map((club) => ({
      value: `club:${club.id}` as const,
      label: t('club.audience', { name: club.name }),
    })),
  ];
}
