import { type ReactNode, useState } from 'react';

import { useTheme } from '@/design';
import { radius } from '@/design/tokens';

const KIND = 'application/x-topform-session';

/** A session that the pointer can carry to another day; the keyboard uses the list "Move to" of the same card. */
export function DraggableSession({ id, children }: { id: string; children: ReactNode }) {
  return (
    <div
      draggable
      style={{ cursor: 'grab' }}
      onDragStart={(event) => {
        event.dataTransfer.setData(KIND, id);
        event.dataTransfer.effectAllowed = 'move';
      }}
    >
      {children}
    </div>
  );
}

export function DropDay({
  onDropSession,
  children,
}: {
  onDropSession: (id: string) => void;
  children: ReactNode;
}) {
  const { color } = useTheme();
  const [over, setOver] = useState(false);
  const carries = (types: readonly string[]) => types.includes(KIND);
  return (
    <div
      onDragOver={(event) => {
        if (!carries(event.dataTransfer.types)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const id = event.dataTransfer.getData(KIND);
        if (id !== '') onDropSession(id);
      }}
      style={{ borderRadius: radius.l, outline: over ? `2px dashed ${color.accent}` : undefined }}
    >
      {children}
    </div>
  );
}
