import { Linking } from 'react-native';

/** Leaves the app for another page. */
export function openPage(url: string): void {
  void Linking.openURL(url);
}
