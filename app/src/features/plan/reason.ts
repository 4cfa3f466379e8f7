/** Reasons of proposals and changes in the language of the app, from their code and numbers. */
import { useTranslation } from 'react-i18next';

import { useFormat } from '@/i18n/useFormat';
import { withDays } from '@/lib/time';

import { usePlanText } from './planText';

type Reasoned = { code: string; params: Record<string, unknown>; reason: string };

const LONG = { weekday: 'short', day: 'numeric', month: 'long' } as const;
/** Kinds whose words are made here in every language, since they name days. */
const BY_HAND = new Set(['moved_by_hand', 'removed_by_hand', 'swapped_by_hand']);
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function useReason(): (item: Reasoned) => { text: string; lang: string | undefined } {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const say = usePlanText();
  const sport = (name: string) => {
    const key = `planSport.${name}`;
    return i18n.exists(key) ? t(key as 'planSport.running') : name;
  };
  return ({ code, params, reason }) => {
    if (i18n.language.startsWith('en') && !BY_HAND.has(code))
      return { text: withDays(reason, (day) => format.day(day, LONG)), lang: undefined };
    const suffix =
      (code === 'pain' && params.other) || (code.endsWith('tired') && params.readiness != null)
        ? '_more'
        : '';
    const rule = `plan.ruleBroken.${String(params.rule)}`;
    const key = `plan.reason.${code}${suffix}`;
    if (!i18n.exists(key)) return { text: reason, lang: 'en' };
    const values = Object.fromEntries(
      Object.entries(params).map(([name, value]) => {
        if (typeof value === 'string' && DAY.test(value)) return [name, format.day(value, LONG)];
        if (name === 'title' || name === 'other_title') return [name, say(String(value)).text];
        if (name === 'sports' && Array.isArray(value))
          return [name, value.map((item) => sport(String(item))).join(', ')];
        if (name === 'other') return [name, sport(String(value))];
        return [name, typeof value === 'number' ? format.number(value) : String(value)];
      }),
    );
    const ruleWords = i18n.exists(rule) ? t(rule as 'plan.ruleBroken.ramp') : '';
    return { text: t(key as 'plan.reason.ill', { ...values, ruleWords }), lang: undefined };
  };
}
