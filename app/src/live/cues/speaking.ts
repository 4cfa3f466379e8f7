/** How cues sound, on every platform the same. */

import type { Language } from './policy';

/** The voice that is asked of the device, as a BCP 47 tag. */
export const SPEECH_TAGS: Record<Language, string> = {
  en: 'en-US',
  de: 'de-DE',
  es: 'es-ES',
  fr: 'fr-FR',
  zh: 'zh-CN',
};
export const SPEECH_RATE = 1.1;
export const TONE_HZ = 880;
export const TONE_S = 0.12;
export const TONE_GAIN = 0.2;
