import type { ReactNode } from 'react';

/** Phones move sessions by the list "Move to"; there is nothing to drag here. */
export function DraggableSession({ children }: { id: string; children: ReactNode }) {
  return <>{children}</>;
}

export function DropDay({ children }: { onDropSession: (id: string) => void; children: ReactNode }) {
  return <>{children}</>;
}
