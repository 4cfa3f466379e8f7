import { useEffect, useId, useRef } from 'react';

import { Box, Text } from '../primitives';
import { useTheme } from '../theme';
import { radius, size, space } from '../tokens';
import type { DialogProps } from './dialogTypes';

/** The browser's modal dialog: it traps focus, closes on Escape and makes the page behind it inert. */
export function Dialog({ title, open, onClose, children }: DialogProps) {
  const { color } = useTheme();
  const id = useId();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return;
    if (open && !dialog.open) dialog.showModal();
    if (!open && dialog.open) dialog.close();
  }, [open]);
  return (
    <dialog
      ref={ref}
      aria-labelledby={id}
      onClose={onClose}
      style={{
        padding: 0,
        borderWidth: size.hairline,
        borderStyle: 'solid',
        borderColor: color.border,
        borderRadius: radius.l,
        backgroundColor: color.surface,
        width: '100%',
        maxWidth: `min(${size.contentNarrow}px, calc(100vw - ${space.xxl}px))`,
        maxHeight: '85vh',
      }}
    >
      {open ? (
        <Box padding="xl" gap="l">
          <Text variant="title" level={2} id={id}>
            {title}
          </Text>
          {children}
        </Box>
      ) : null}
    </dialog>
  );
}
