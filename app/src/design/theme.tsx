import AsyncStorage from '@react-native-async-storage/async-storage';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { Platform, useColorScheme, useWindowDimensions } from 'react-native';

import { breakpoint, LARGEST_TEXT, type Palette, palettes, type TextSize, textSizes } from './tokens';

export type Scheme = 'light' | 'dark';
export type SchemeChoice = Scheme | 'system';

type Theme = {
  scheme: Scheme;
  choice: SchemeChoice;
  color: Palette;
  chooseScheme: (choice: SchemeChoice) => void;
  textSize: TextSize;
  /** By how much letters are enlarged; phones enlarge them further on their own. */
  textScale: number;
  chooseTextSize: (choice: TextSize) => void;
};

const STORAGE_KEY = 'topform.scheme';
const TEXT_STORAGE_KEY = 'topform.textSize';
const USUAL_ROOT = 16;
const ThemeContext = createContext<Theme | null>(null);

function isChoice(value: string | null): value is SchemeChoice {
  return value === 'light' || value === 'dark' || value === 'system';
}

function isTextSize(value: string | null): value is TextSize {
  return value !== null && Object.keys(textSizes).includes(value);
}

/** How much larger than usual somebody has their browser show text. */
function browserTextScale(): number {
  if (Platform.OS !== 'web') return 1;
  const root = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return Number.isFinite(root) ? Math.max(1, root / USUAL_ROOT) : 1;
}

export function ThemeProvider({ children }: { children: ReactNode }) {
  const system = useColorScheme();
  const [choice, setChoice] = useState<SchemeChoice>('system');
  const [textSize, setTextSize] = useState<TextSize>('normal');
  const [browserScale] = useState(browserTextScale);
  const scheme: Scheme = choice === 'system' ? (system === 'dark' ? 'dark' : 'light') : choice;

  useEffect(() => {
    AsyncStorage.getItem(STORAGE_KEY).then((stored) => {
      if (isChoice(stored)) setChoice(stored);
    });
    AsyncStorage.getItem(TEXT_STORAGE_KEY).then((stored) => {
      if (isTextSize(stored)) setTextSize(stored);
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
      textSize,
      textScale: Math.min(LARGEST_TEXT, textSizes[textSize] * browserScale),
      chooseTextSize: (next) => {
        setTextSize(next);
        void AsyncStorage.setItem(TEXT_STORAGE_KEY, next);
      },
    }),
    [scheme, choice, textSize, browserScale],
  );
  return <ThemeContext.Provider value={theme}>{children}</ThemeContext.Provider>;
}

export function useTheme(): Theme {
  const theme = useContext(ThemeContext);
  if (theme === null) throw new Error('useTheme needs a ThemeProvider above it');
  return theme;
}

export type Layout = 'phone' | 'tablet' | 'desktop';

/** Which layout the window has room for; larger text leaves less. */
export function useLayout(): { layout: Layout; isWide: boolean; width: number } {
  const { width, fontScale } = useWindowDimensions();
  const { textScale } = useTheme();
  const room = width / (textScale * (Platform.OS === 'web' ? 1 : Math.max(1, fontScale)));
  const layout: Layout =
    room >= breakpoint.desktop ? 'desktop' : room >= breakpoint.tablet ? 'tablet' : 'phone';
  return { layout, isWide: layout === 'desktop', width };
}
