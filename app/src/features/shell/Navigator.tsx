import { Stack } from 'expo-router';

/** Native screens are stacked, with the platform's own gestures. */
export function Navigator() {
  return <Stack screenOptions={{ headerShown: false }} />;
}
