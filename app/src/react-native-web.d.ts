import 'react-native';

/** What React Native for Web, which takes its place in a browser, knows beyond it. */
declare module 'react-native' {
  export function useLocaleContext(): { direction: 'ltr' | 'rtl'; locale?: string };
}
