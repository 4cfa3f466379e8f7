import { I18nManager } from 'react-native';

/** Whether this part of the screen is read from right to left. */
export function useIsRtl(): boolean {
  return I18nManager.isRTL;
}
