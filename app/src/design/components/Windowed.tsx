import type { ReactNode } from 'react';

/** On a device the system takes care of what is far from the screen. */
export function Windowed({ children }: { estimate: number; children: ReactNode }) {
  return <>{children}</>;
}
