declare module 'react-native-web' {
  import type { ReactElement } from 'react';

  /** Makes a DOM element that shares React Native Web's style and event system. */
  export function unstable_createElement(type: string, props: Record<string, unknown>): ReactElement;
}
