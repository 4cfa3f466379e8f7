import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { Platform, ScrollView } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';

import { Box, Text, useLayout, useTheme } from '@/design';
import { size, space } from '@/design/tokens';
import { Wordmark } from '@/features/shell/Wordmark';

/** The page around signing in and up: one card in the middle, nothing else to click. */
export function AuthFrame({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  const { color } = useTheme();
  const { layout } = useLayout();
  const insets = useSafeAreaInsets();
  useEffect(() => {
    if (Platform.OS === 'web') document.title = title.includes('TopForm') ? title : `${title} · TopForm`;
  }, [title]);
  return (
    <ScrollView
      style={{ backgroundColor: color.background }}
      contentContainerStyle={{
        flexGrow: 1,
        alignItems: 'center',
        justifyContent: layout === 'phone' ? 'flex-start' : 'center',
        padding: space.l,
        paddingTop: insets.top + space.xl,
        paddingBottom: insets.bottom + space.xl,
      }}
      keyboardShouldPersistTaps="handled"
    >
      <Box role="main" width="100%" maxWidth={size.contentNarrow * 0.8} gap="xl">
        <Wordmark />
        <Box gap="xs">
          <Text variant="display" level={1}>
            {title}
          </Text>
          <Text tone="textSecondary">{lead}</Text>
        </Box>
        {children}
      </Box>
    </ScrollView>
  );
}
