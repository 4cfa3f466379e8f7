import { useTranslation } from 'react-i18next';

import { warningCode, warningText } from './verdict';

type Sentence = { text: string; lang: string };

const MOST_SENTENCES = 2;

/** Words for the stable ids of an analysis; an id without a word is shown as it is. */
export function useFormWords() {
  const { t, i18n } = useTranslation();
  const word = (group: 'fault' | 'reason' | 'exercise' | 'view', id: string): string => {
    const key = `form.${group}.${id}`;
    return i18n.exists(key) ? t(key as 'form.fault.hips_sag') : id.replaceAll('_', ' ');
  };
  const advice = (faults: readonly string[]): Sentence[] =>
    faults
      .map((code) => `form.advice.${code}`)
      .filter((key) => i18n.exists(key))
      .slice(0, MOST_SENTENCES)
      .map((key) => ({ text: t(key as 'form.advice.hips_sag'), lang: i18n.language }));
  return {
    advice,
    /** The server's sentences in English; in other languages our own, one for each of the worst faults. */
    feedback: (sentences: readonly string[], faults: readonly string[]): Sentence[] => {
      const own = advice(faults.slice(0, MOST_SENTENCES));
      if (i18n.language === 'en' || own.length === 0) return sentences.map((text) => ({ text, lang: 'en' }));
      return own;
    },
    /** The headline of a set that meets the standard and still has one fault throughout. */
    correctBut: (code: string) => {
      const key = `form.correctBut.${code}`;
      return t((i18n.exists(key) ? key : 'form.correctBut.other') as 'form.correctBut.other');
    },
    fault: (code: string) => word('fault', code),
    /** A warning in our own words where there are some, in the server's English otherwise. */
    warning: (warning: unknown): Sentence | null => {
      const code = warningCode(warning);
      const key = `form.warning.${code}`;
      if (code !== null && i18n.exists(key))
        return { text: t(key as 'form.warning.too_dark'), lang: i18n.language };
      const text = warningText(warning);
      return text === null ? null : { text, lang: 'en' };
    },
    reason: (id: string) => word('reason', id),
    exercise: (id: string) => word('exercise', id),
    view: (id: string) => word('view', id),
  };
}
