import { useLocaleContext } from 'react-native';

/** Whether this part of the screen is read from right to left, as the next `dir` or `lang` above it says. */
export function useIsRtl(): boolean {
  return useLocaleContext().direction === 'rtl';
}
