import AsyncStorage from '@react-native-async-storage/async-storage';
import { getLocales } from 'expo-localization';
import { createInstance } from 'i18next';
import { Platform } from 'react-native';
import { initReactI18next } from 'react-i18next';

import de from './de.json';
import en from './en.json';

export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

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

export function startTexts(): void {
  void texts.use(initReactI18next).init({
    resources: { en: { translation: en }, de: { translation: de } },
    lng: deviceLanguage(),
    fallbackLng: 'en',
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  texts.on('languageChanged', markDocument);
  markDocument(texts.language);
  void AsyncStorage.getItem(STORAGE_KEY).then((stored) => {
    if (stored !== null) return texts.changeLanguage(supportedLanguage(stored));
    return undefined;
  });
}

export async function chooseLanguage(language: Language): Promise<void> {
  await AsyncStorage.setItem(STORAGE_KEY, language);
  await texts.changeLanguage(language);
}
