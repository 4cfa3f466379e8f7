/** What the checker found, in the language of the app and with dates as people read them. */
import { useTranslation } from 'react-i18next';

import { useFormat } from '@/i18n/useFormat';
import { withDays } from '@/lib/time';

import type { Remark } from './move';

const SHORT = { weekday: 'short', day: 'numeric', month: 'short' } as const;

export type RuleWords = { rule: string | null; detail: string };

export function useRuleText(): (remark: Remark) => RuleWords {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  return ({ rule, detail }) => {
    const key = `plan.ruleWords.${rule}`;
    return {
      rule: i18n.exists(key) ? t(key as 'plan.ruleWords.ramp') : null,
      detail: withDays(detail, (day) => format.day(day, SHORT)),
    };
  };
}
