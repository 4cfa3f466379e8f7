/** The parts of a notice and of the settings that are worth a test of their own. */
import type { IconName } from '@/design';

import type { Notice, NoticeKind, NoticeSettings } from './noticeQueries';

/** What can be turned off, in the order of the settings; the reminder has a time instead. */
export const GROUPS = {
  community: [
    'follow_request',
    'kudos',
    'comment',
    'mention',
    'challenge',
    'club_request',
    'club_invitation',
    'club_accepted',
    'team_request',
    'team_accepted',
  ],
  training: ['plan_proposal'],
  account: ['source_stopped', 'security'],
} as const satisfies Record<string, readonly NoticeKind[]>;

export type Group = keyof typeof GROUPS;

const icons: Record<NoticeKind, IconName> = {
  follow_request: 'people',
  kudos: 'like',
  comment: 'comment',
  mention: 'comment',
  challenge: 'people',
  club_request: 'people',
  club_invitation: 'people',
  club_accepted: 'people',
  team_request: 'people',
  team_accepted: 'people',
  removal: 'alert',
  appeal_answered: 'alert',
  plan_proposal: 'plan',
  session_reminder: 'plan',
  source_stopped: 'devices',
  security: 'profile',
};

export function iconOf({ kind }: Pick<Notice, 'kind'>): IconName {
  return icons[kind];
}

/** The settings with a kind turned on or off. */
export function withKind(settings: NoticeSettings, kind: NoticeKind, isOn: boolean): NoticeSettings {
  const others = (settings.off ?? []).filter((one) => one !== kind);
  return { ...settings, off: isOn ? others : [...others, kind] };
}

const HALF_HOUR_MIN = 30;

/** Every half hour of a day, and the minute that is chosen if it is none of them. */
export function minuteChoices(chosen: number): number[] {
  const half = Array.from({ length: 48 }, (_, index) => index * HALF_HOUR_MIN);
  return half.includes(chosen) ? half : [...half, chosen].sort((a, b) => a - b);
}

/** A minute of the day as clocks of the language show it. */
export function timeOfDay(minute: number, language: string): string {
  const at = new Date(Date.UTC(2000, 0, 1, 0, minute));
  return new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(
    at,
  );
}

/** Of the bell: a number, or that there are more than it has room for. */
export function shownCount(unread: number): string {
  return unread > 99 ? '99+' : String(unread);
}
