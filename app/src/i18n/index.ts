import AsyncStorage from '@react-native-async-storage/async-storage';
import { getLocales } from 'expo-localization';
import { createInstance } from 'i18next';
import { Platform } from 'react-native';
import { initReactI18next } from 'react-i18next';

import en from './en.json';

/** Each under its own name, as people look for it. */
export const languageNames = {
  en: 'English',
  de: 'Deutsch',
  es: 'Español',
  fr: 'Français',
  zh: '简体中文',
} as const;
export type Language = keyof typeof languageNames;
export const languages = Object.keys(languageNames) as Language[];

/** The texts of the app; started once by the root layout. */
const texts = createInstance();

const STORAGE_KEY = 'topform.language';

export function supportedLanguage(tag: string | null | undefined): Language {
  const base = tag?.split('-')[0];
  return languages.find((language) => language === base) ?? 'en';
}

export function deviceLanguage(): Language {
  return supportedLanguage(getLocales()[0]?.languageTag);
}

/** The region decides how dates and numbers look, as long as it speaks the language that was chosen. */
export function formatLocale(language: string): string {
  const device = getLocales()[0]?.languageTag;
  return device !== undefined && device.split('-')[0] === language ? device : language;
}

function markDocument(language: string): void {
  if (Platform.OS === 'web') document.documentElement.lang = language;
}

/** English comes with the app; the others when they are wanted. */
const files: Record<Exclude<Language, 'en'>, () => Promise<{ default: object }>> = {
  de: () => import('./de.json'),
  es: () => import('./es.json'),
  fr: () => import('./fr.json'),
  zh: () => import('./zh.json'),
};

async function speak(language: Language): Promise<void> {
  if (language !== 'en' && !texts.hasResourceBundle(language, 'translation')) {
    texts.addResourceBundle(language, 'translation', (await files[language]()).default);
  }
  await texts.changeLanguage(language);
}

/** Resolves when the texts of the language that was chosen, or else of the device, are there. */
export async function startTexts(): Promise<void> {
  void texts.use(initReactI18next).init({
    resources: { en: { translation: en } },
    lng: 'en',
    fallbackLng: 'en',
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  texts.on('languageChanged', markDocument);
  markDocument(texts.language);
  const stored = await AsyncStorage.getItem(STORAGE_KEY);
  try {
    await speak(stored === null ? deviceLanguage() : supportedLanguage(stored));
  } catch {
    // The file of the language cannot be reached: English is better than nothing.
  }
}

export async function chooseLanguage(language: Language): Promise<void> {
  await speak(language);
  await AsyncStorage.setItem(STORAGE_KEY, language);
}
