import { useTranslation } from 'react-i18next';

import { useFormat } from '@/i18n/useFormat';

import type { Challenge } from './challengeQueries';

/** How a challenge and its scores read. */
export function useChallengeWords() {
  const { t } = useTranslation();
  const format = useFormat();
  type Counted = Pick<Challenge, 'kind' | 'sport'>;
  const amount = (value: number, { kind, sport }: Counted): string => {
    if (kind === 'push_ups') return t('challenge.reps', { count: value });
    if (kind === 'streak') return t('challenge.sessions', { count: value });
    if (kind === 'time') return format.clock(value);
    const figure = kind === 'distance' ? format.distance(value, sport ?? 'other') : format.elevation(value);
    return figure === null ? '' : `${figure.value} ${figure.unit}`;
  };
  const day = (text: string) => format.day(text, { day: 'numeric', month: 'short' });
  return {
    kind: ({ kind, sport, ranked_by }: Counted & Pick<Challenge, 'ranked_by'>): string =>
      [
        t(`challenge.kind.${kind}`),
        ranked_by === 'own_best' ? t('challenge.ladderShort') : '',
        sport ? t(`sport.${sport}`) : '',
      ]
        .filter(Boolean)
        .join(' · '),
    days: ({ first_day, last_day }: Pick<Challenge, 'first_day' | 'last_day'>): string =>
      first_day === last_day ? day(first_day) : `${day(first_day)} – ${day(last_day)}`,
    /** What one effort, or several together, come to. */
    amount,
    score: (score: number, challenge: Counted & Pick<Challenge, 'ranked_by'>): string =>
      challenge.ranked_by === 'own_best'
        ? t('challenge.percent', { value: format.signed(score, Number.isInteger(score) ? 0 : 1) })
        : amount(score, challenge),
  };
}
