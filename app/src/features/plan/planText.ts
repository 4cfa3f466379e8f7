/** The planner's own texts in the language of the app: the English text is the key, its numbers are filled in again. */
import { useTranslation } from 'react-i18next';

import { useFormat } from '@/i18n/useFormat';
import { withDays } from '@/lib/time';

import german from './planTexts.de.json';

const NUMBER = /\d+(?:\.\d+)?/g;
const catalogues: Record<string, Record<string, string>> = { de: german };

/** The text in a language; in English, and where a text is not in the catalogue, as it is. */
export function planText(text: string, language: string): { text: string; lang: string | undefined } {
  const base = language.slice(0, 2);
  if (base === 'en') return { text, lang: undefined };
  const found = catalogues[base]?.[text.replace(NUMBER, '#')];
  if (found === undefined) return { text, lang: 'en' };
  const numbers = text.match(NUMBER) ?? [];
  let place = 0;
  const filled = found.replace(/#/g, () => {
    const number = numbers[place++] ?? '';
    return base === 'de' ? number.replace('.', ',') : number;
  });
  return { text: filled, lang: undefined };
}

export function usePlanText(): (text: string) => { text: string; lang: string | undefined } {
  const { i18n } = useTranslation();
  return (text) => planText(text, i18n.language);
}

export type Part = { code: string; params: Record<string, unknown> };

export function partsOf(value: unknown): Part[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null) return [];
    const { code, params } = item as { code?: unknown; params?: unknown };
    if (typeof code !== 'string') return [];
    return [
      { code, params: typeof params === 'object' && params !== null ? (params as Part['params']) : {} },
    ];
  });
}

/** 5 January 2026 was a Monday; only its weekday is shown. */
const MONDAYS = { mon: 5, tue: 6, wed: 7, thu: 8, fri: 9, sat: 10, sun: 11 } as Record<string, number>;

/** Why a session is there: from its reasons in the language of the app, else the English sentence. */
export function useWhy(): (
  session: { why?: string | null } & Record<string, unknown>,
) => { text: string; lang: string | undefined } | null {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const say = usePlanText();
  return (session) => {
    const parts = partsOf(session.why_parts);
    if (i18n.language.startsWith('en') || parts.length === 0)
      return session.why
        ? {
            text: withDays(session.why, (day) => format.day(day, { day: 'numeric', month: 'long' })),
            lang: i18n.language.startsWith('en') ? undefined : 'en',
          }
        : null;
    const sentences = parts.flatMap(({ code, params }) => {
      if (code === 'purpose') return [`${say(String(params.text ?? '')).text}.`];
      const key = `plan.why.${code}`;
      if (!i18n.exists(key)) return [];
      const weekday = MONDAYS[String(params.weekday)];
      return [
        t(key as 'plan.why.easier_week', {
          ...params,
          count: Number(params.days ?? 0),
          weekday: weekday
            ? format.day(`2026-01-${String(weekday).padStart(2, '0')}`, { weekday: 'long' })
            : '',
        }),
      ];
    });
    return { text: sentences.join(' '), lang: undefined };
  };
}
