import AsyncStorage from '@react-native-async-storage/async-storage';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { Platform, useColorScheme, useWindowDimensions } from 'react-native';

import { breakpoint, type Palette, palettes } from './tokens';

export type Scheme = 'light' | 'dark';
export type SchemeChoice = Scheme | 'system';

type Theme = {
  scheme: Scheme;
  choice: SchemeChoice;
  color: Palette;
  chooseScheme: (choice: SchemeChoice) => void;
};

const STORAGE_KEY = 'topform.scheme';
const ThemeContext = createContext<Theme | null>(null);

function isChoice(value: string | null): value is SchemeChoice {
  return value === 'light' || value === 'dark' || value === 'system';
}

export function ThemeProvider({ children }: { children: ReactNode }) {
  const system = useColorScheme();
  const [choice, setChoice] = useState<SchemeChoice>('system');
  const scheme: Scheme = choice === 'system' ? (system === 'dark' ? 'dark' : 'light') : choice;

  useEffect(() => {
    AsyncStorage.getItem(STORAGE_KEY).then((stored) => {
      if (isChoice(stored)) setChoice(stored);
    });
  }, []);

  useEffect(() => {
    if (Platform.OS === 'web') document.documentElement.dataset.theme = scheme;
  }, [scheme]);

  const theme = useMemo<Theme>(
    () => ({
      scheme,
      choice,
      color: palettes[scheme],
      chooseScheme: (next) => {
        setChoice(next);
        void AsyncStorage.setItem(STORAGE_KEY, next);
      },
    }),
    [scheme, choice],
  );
  return <ThemeContext.Provider value={theme}>{children}</ThemeContext.Provider>;
}

export function useTheme(): Theme {
  const theme = useContext(ThemeContext);
  if (theme === null) throw new Error('useTheme needs a ThemeProvider above it');
  return theme;
}

export type Layout = 'phone' | 'tablet' | 'desktop';

/** Which layout the window has room for. */
export function useLayout(): { layout: Layout; isWide: boolean; width: number } {
  const { width } = useWindowDimensions();
  const layout: Layout =
    width >= breakpoint.desktop ? 'desktop' : width >= breakpoint.tablet ? 'tablet' : 'phone';
  return { layout, isWide: layout === 'desktop', width };
}
