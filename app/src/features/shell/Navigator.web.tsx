import { Slot } from 'expo-router';

/** In a browser one page is shown at a time and the browser keeps the history. */
export function Navigator() {
  return <Slot />;
}
