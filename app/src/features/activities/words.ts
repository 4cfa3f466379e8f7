import { useTranslation } from 'react-i18next';

import type { ActivitySummary, Sport } from '@/api/types';
import type { IconName } from '@/design';
import { useFormat } from '@/i18n/useFormat';

export const sports: readonly Sport[] = [
  'running',
  'cycling',
  'swimming',
  'walking',
  'hiking',
  'rowing',
  'skiing',
  'strength',
  'other',
];

export function sportIcon(sport: string): IconName {
  switch (sport) {
    case 'running':
    case 'cycling':
    case 'swimming':
    case 'walking':
    case 'rowing':
    case 'skiing':
    case 'strength':
      return sport;
    case 'hiking':
      return 'walking';
    default:
      return 'other';
  }
}

export type DayPart = 'night' | 'morning' | 'noon' | 'afternoon' | 'evening';

export function dayPart(hour: number): DayPart {
  if (hour < 5) return 'night';
  if (hour < 11) return 'morning';
  if (hour < 14) return 'noon';
  if (hour < 18) return 'afternoon';
  return hour < 22 ? 'evening' : 'night';
}

/** The name somebody gave, or one made of the time of day and the sport. */
export function useActivityTitle(): (activity: ActivitySummary) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (activity) => {
    if (activity.title) return activity.title;
    const hour = Number(format.moment(activity, { hour: '2-digit', hourCycle: 'h23' }).replace(/\D/g, ''));
    const sport = activity.leg_count > 1 ? t('sport.multi') : t(`sport.${activity.sport}`);
    return t('activity.untitled', { when: t(`dayPart.${dayPart(hour)}`), sport });
  };
}
