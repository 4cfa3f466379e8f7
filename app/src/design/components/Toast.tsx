import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react';
import { useSafeAreaInsets } from 'react-native-safe-area-context';

import { Box, Text } from '../primitives';
import { useTheme } from '../theme';
import { size, space } from '../tokens';

const SHOWN_MS = 5000;
const ToastContext = createContext<(message: string) => void>(() => undefined);

/** Short confirmations, announced politely and gone by themselves. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [message, setMessage] = useState<string | null>(null);
  const insets = useSafeAreaInsets();
  const { color } = useTheme();
  useEffect(() => {
    if (message === null) return undefined;
    const timer = setTimeout(() => setMessage(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [message]);
  const show = useCallback((next: string) => setMessage(next), []);
  return (
    <ToastContext.Provider value={show}>
      {children}
      <Box
        role="status"
        aria-live="polite"
        align="center"
        style={{
          position: 'absolute',
          start: space.l,
          end: space.l,
          bottom: insets.bottom + size.tabBar + space.l,
          pointerEvents: 'none',
        }}
      >
        {message ? (
          <Box radius="pill" paddingX="l" paddingY="s" style={{ backgroundColor: color.text }}>
            <Text variant="label" tone="background">
              {message}
            </Text>
          </Box>
        ) : null}
      </Box>
    </ToastContext.Provider>
  );
}

export function useToast(): (message: string) => void {
  return useContext(ToastContext);
}
