/** Every colour, size, radius and duration of the app. Screens take them from the theme, never from literals. */

const light = {
  background: '#f4f6f5',
  surface: '#ffffff',
  surfaceSunken: '#edf1ef',
  surfaceHover: '#f1f5f3',
  surfaceSelected: '#e0efeb',
  border: '#dbe2df',
  /** Borders of controls: 3:1 against the surface. */
  borderStrong: '#7f8d88',
  text: '#13201d',
  textSecondary: '#4a5a55',
  textOnAccent: '#ffffff',
  accent: '#0b6b5d',
  accentHover: '#09594e',
  accentText: '#0a6457',
  accentSoft: '#e0efeb',
  focus: '#0b6b5d',
  danger: '#b3261e',
  dangerHover: '#951f18',
  dangerSoft: '#fbe9e7',
  dangerText: '#9c1f18',
  warningSoft: '#fdf1d8',
  warningText: '#6f4b00',
  successSoft: '#e2f2e6',
  successText: '#1b6131',
  infoSoft: '#e4eefb',
  infoText: '#1a4f8f',
  scrim: 'rgba(10, 18, 16, 0.5)',
  shadow: 'rgba(15, 32, 28, 0.08)',
  chartGrid: '#e4eae7',
  chartAxis: '#5a6a65',
  chartCursor: '#13201d',
  // Series hues from the Okabe-Ito palette, darkened for 3:1 on the surface; told apart by shape and label too.
  fitness: '#0067a3',
  fatigue: '#c24f00',
  form: '#7a5a00',
  formPositive: '#1f7a5c',
  formNegative: '#b35c00',
  load: '#9aa8a3',
  hr: '#c2274b',
  power: '#7442c8',
  speed: '#0067a3',
  altitude: '#5f6f69',
  cadence: '#a5570a',
  temperature: '#0f7c86',
  route: '#c2410c',
  routeCasing: '#ffffff',
  mapBackground: '#eaf0ec',
  // Effort zones, a lightness ramp (cividis-like) that keeps its order without hue.
  zone1: '#b9c7d6',
  zone2: '#86a5c4',
  zone3: '#4f83b0',
  zone4: '#d09a1f',
  zone5: '#b5560c',
  zone6: '#8c1d2c',
  zone7: '#54102a',
};

export type Palette = { readonly [Name in keyof typeof light]: string };

const dark: Palette = {
  background: '#0e1413',
  surface: '#161e1c',
  surfaceSunken: '#101816',
  surfaceHover: '#1d2725',
  surfaceSelected: '#183630',
  border: '#2a3633',
  borderStrong: '#6f807a',
  text: '#eaf1ee',
  textSecondary: '#a9b8b3',
  textOnAccent: '#04211c',
  accent: '#4fcbb3',
  accentHover: '#74dac6',
  accentText: '#6ad6c1',
  accentSoft: '#17332e',
  focus: '#5cd6bf',
  danger: '#ff8a80',
  dangerHover: '#ffa79f',
  dangerSoft: '#3a1d1b',
  dangerText: '#ffb0a8',
  warningSoft: '#37290c',
  warningText: '#f6cf7d',
  successSoft: '#17301f',
  successText: '#8fdba6',
  infoSoft: '#15293f',
  infoText: '#a5cbf7',
  scrim: 'rgba(0, 0, 0, 0.64)',
  shadow: 'rgba(0, 0, 0, 0.4)',
  chartGrid: '#26312e',
  chartAxis: '#9aaaa4',
  chartCursor: '#eaf1ee',
  fitness: '#5bb0ea',
  fatigue: '#f08a3c',
  form: '#e2bd4f',
  formPositive: '#55c79d',
  formNegative: '#f0a45a',
  load: '#5f6f6a',
  hr: '#ff7391',
  power: '#b893ff',
  speed: '#5bb0ea',
  altitude: '#8b9b95',
  cadence: '#e5a15c',
  temperature: '#5cc4cd',
  route: '#ff9a57',
  routeCasing: '#0e1413',
  mapBackground: '#1a2422',
  zone1: '#53616f',
  zone2: '#5c7d9c',
  zone3: '#6ea6d6',
  zone4: '#e3b54a',
  zone5: '#ee8f45',
  zone6: '#f2777a',
  zone7: '#ffb3c6',
};

export const palettes = { light, dark } as const;

export type ColorName = keyof Palette;

export const space = { none: 0, xxs: 2, xs: 4, s: 8, m: 12, l: 16, xl: 24, xxl: 32, xxxl: 48 } as const;
export type Space = keyof typeof space;

/** Whatever the theme: scanners expect dark on light. */
export const codeColor = { dark: '#000000', light: '#ffffff' } as const;

export const radius = { none: 0, s: 6, m: 10, l: 14, pill: 999 } as const;
export type Radius = keyof typeof radius;

/** Minimum 44 points for anything touched (WCAG 2.2 asks for 24). */
export const size = {
  iconS: 16,
  iconM: 20,
  iconL: 24,
  iconXl: 40,
  touch: 44,
  control: 44,
  controlSmall: 36,
  tabBar: 60,
  sideNav: 232,
  hairline: 1,
  focusRing: 2,
  besideActions: 320,
  contentNarrow: 560,
  contentReading: 760,
  contentWide: 1240,
  chartShort: 112,
  chartMedium: 200,
  chartTall: 280,
  mapPhone: 260,
  mapDesktop: 380,
  thumb: 64,
  workout: 56,
  progress: 6,
  avatar: 36,
  dot: 10,
  swatch: 12,
} as const;

export const type = {
  display: { fontSize: 32, lineHeight: 38, fontWeight: '600', letterSpacing: -0.8 },
  title: { fontSize: 24, lineHeight: 30, fontWeight: '600', letterSpacing: -0.5 },
  heading: { fontSize: 17, lineHeight: 24, fontWeight: '600', letterSpacing: -0.2 },
  body: { fontSize: 15, lineHeight: 22, fontWeight: '400', letterSpacing: 0 },
  bodyStrong: { fontSize: 15, lineHeight: 22, fontWeight: '600', letterSpacing: 0 },
  label: { fontSize: 13, lineHeight: 18, fontWeight: '500', letterSpacing: 0 },
  caption: { fontSize: 13, lineHeight: 18, fontWeight: '400', letterSpacing: 0 },
  micro: { fontSize: 11, lineHeight: 14, fontWeight: '500', letterSpacing: 0.1 },
  stat: { fontSize: 22, lineHeight: 28, fontWeight: '600', letterSpacing: -0.5 },
  /** Read from two metres. */
  count: { fontSize: 76, lineHeight: 84, fontWeight: '600', letterSpacing: -2 },
  statLarge: { fontSize: 40, lineHeight: 46, fontWeight: '600', letterSpacing: -1.2 },
  /** To be read from two metres. */
  giant: { fontSize: 96, lineHeight: 104, fontWeight: '600', letterSpacing: -2 },
} as const;
export type TypeVariant = keyof typeof type;

/** How much larger than the scale above somebody wants to read. */
export const textSizes = { normal: 1, large: 1.25, largest: 1.6 } as const;
export type TextSize = keyof typeof textSizes;

/** Own choice and browser together. */
export const LARGEST_TEXT = 2;
const LARGE_LETTERS = 32;
const LARGE_LETTERS_GROW = 1.25;
const POSTER_LETTERS = 76;

/** A variant at a size of text; large letters grow less, since they can be read as they are. */
export function scaledType(variant: TypeVariant, scale: number) {
  const { fontSize, lineHeight, letterSpacing, fontWeight } = type[variant];
  const most = fontSize >= POSTER_LETTERS ? 1 : fontSize >= LARGE_LETTERS ? LARGE_LETTERS_GROW : LARGEST_TEXT;
  const factor = Math.min(scale, most);
  return {
    fontSize: fontSize * factor,
    lineHeight: lineHeight * factor,
    letterSpacing: letterSpacing * factor,
    fontWeight,
  };
}

export const motion = { quick: 120, normal: 200, slow: 320 } as const;

/** Layout changes from phone (bottom tabs, one column) to desktop (side navigation, columns). */
export const breakpoint = { tablet: 720, desktop: 1024 } as const;
