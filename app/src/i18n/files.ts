import type { Language } from './index';

/** The texts of each language come when they are wanted: a browser fetches those of one language only. */
export const files: Record<Language, () => Promise<{ default: object }>> = {
  en: () => import('./en.json'),
  de: () => import('./de.json'),
  es: () => import('./es.json'),
  fr: () => import('./fr.json'),
  zh: () => import('./zh.json'),
};
