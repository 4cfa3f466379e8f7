/** The numbers of a signal as sentences: what was found, and what it was compared with. */
import { useTranslation } from 'react-i18next';

import { useFormat } from '@/i18n/useFormat';

import type { Signal } from './moderationQueries';

export type Strength = 'strong' | 'middle' | 'weak';

/** The strength in words: it orders the list and is no probability. */
export function strengthOf(strength: number): Strength {
  if (strength >= 0.7) return 'strong';
  return strength >= 0.45 ? 'middle' : 'weak';
}

export function useSignalFacts() {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ code, facts, other }: Pick<Signal, 'code' | 'facts' | 'other'>): string[] => {
    const at = (name: string) => facts[name] ?? 0;
    const speed = (name: string) => format.speed(at(name), 'cycling')?.text ?? '';
    const over = format.clock(at('over_s'));
    switch (code) {
      case 'repeats_another':
      case 'repeats_own':
        return [
          t('moderation.signal.facts.repeats', {
            count: at('reps'),
            seconds: format.number(at('apart_s'), 2),
          }),
          ...(other ? [t('moderation.signal.facts.earlierOf', { name: other.name })] : []),
        ];
      case 'route_of_another':
        return [
          t('moderation.signal.facts.route', {
            count: at('samples'),
            percent: format.number(at('same_pct'), 1),
          }),
          ...(at('apart_s') > 0
            ? [t('moderation.signal.facts.routeApart', { time: format.clock(at('apart_s')) })]
            : []),
          ...(other ? [t('moderation.signal.facts.earlierRouteOf', { name: other.name })] : []),
        ];
      case 'reps_beyond_record':
        return [t('moderation.signal.facts.minute', { count: at('reps'), record: at('record') })];
      case 'reps_too_even':
        return [
          t('moderation.signal.facts.even', {
            count: at('reps'),
            percent: format.number(at('variation_pct'), 1),
          }),
        ];
      case 'speed_beyond_record':
        return [
          t('moderation.signal.facts.speed', {
            speed: speed('speed_m_s'),
            over,
            record: speed('record_m_s'),
          }),
        ];
      case 'climb_beyond_record':
        return [
          t('moderation.signal.facts.climb', {
            metres: format.number(at('climb_m_h')),
            over,
            record: format.number(at('record_m_h')),
          }),
        ];
      case 'clock_ahead':
        return [t('moderation.signal.facts.clock', { time: format.clock(at('ahead_s')) })];
      case 'second_version':
        return [t('moderation.signal.facts.version', { time: format.clock(at('after_s')) })];
      case 'speed_jump':
        return [
          t('moderation.signal.facts.jump', {
            amount: speed('amount'),
            best: speed('earlier_best'),
            count: at('efforts'),
          }),
        ];
      case 'sudden_jump':
        return [
          t('moderation.signal.facts.jump', {
            amount: format.number(at('amount')),
            best: format.number(at('earlier_best')),
            count: at('efforts'),
          }),
        ];
    }
  };
}
