import AsyncStorage from '@react-native-async-storage/async-storage';
import { getLocales } from 'expo-localization';
import i18next from 'i18next';
import { Platform } from 'react-native';
import { initReactI18next } from 'react-i18next';

import de from './de.json';
import en from './en.json';

export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

const STORAGE_KEY = 'topform.language';

export function supportedLanguage(tag: string | null | undefined): Language {
  const base = tag?.split('-')[0];
  return languages.find((language) => language === base) ?? 'en';
}

export function deviceLanguage(): Language {
  return supportedLanguage(getLocales()[0]?.languageTag);
}

function markDocument(language: string): void {
  if (Platform.OS === 'web') document.documentElement.lang = language;
}

export function startTexts(): void {
  void i18next.use(initReactI18next).init({
    resources: { en: { translation: en }, de: { translation: de } },
    lng: deviceLanguage(),
    fallbackLng: 'en',
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  i18next.on('languageChanged', markDocument);
  markDocument(i18next.language);
  void AsyncStorage.getItem(STORAGE_KEY).then((stored) => {
    if (stored !== null) return i18next.changeLanguage(supportedLanguage(stored));
    return undefined;
  });
}

export async function chooseLanguage(language: Language): Promise<void> {
  await AsyncStorage.setItem(STORAGE_KEY, language);
  await i18next.changeLanguage(language);
}
