import { type ReactNode, useEffect, useRef } from 'react';
import { Platform, ScrollView, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';

import { Box, ProgressBar, Text, useLayout, useTheme } from '@/design';
import { webProps } from '@/design/interaction';
import { size, space } from '@/design/tokens';
import { Wordmark } from '@/features/shell/Wordmark';

/** One question at a time; whoever reads by ear is put at its beginning. */
export function WelcomeFrame({
  title,
  lead,
  place,
  share,
  children,
}: {
  title: string;
  lead: string;
  place: string;
  share?: number;
  children: ReactNode;
}) {
  const { color } = useTheme();
  const { isWide } = useLayout();
  const insets = useSafeAreaInsets();
  const main = useRef<View>(null);
  useEffect(() => {
    if (Platform.OS !== 'web') return;
    document.title = `${title} · TopForm`;
  }, [title]);
  useEffect(() => {
    if (Platform.OS === 'web')
      (main.current as unknown as HTMLElement | null)?.focus({ preventScroll: true });
  }, []);
  return (
    <ScrollView
      {...webProps({ tabIndex: -1 })}
      style={{ backgroundColor: color.background }}
      contentContainerStyle={{
        flexGrow: 1,
        alignItems: 'center',
        padding: space.l,
        paddingTop: insets.top + (isWide ? space.xxxl : space.l),
        paddingBottom: insets.bottom + space.xxxl,
      }}
      keyboardShouldPersistTaps="handled"
    >
      <View
        ref={main}
        role="main"
        {...webProps({ tabIndex: -1 })}
        style={{ width: '100%', maxWidth: size.contentNarrow, gap: space.l, ...noOutline }}
      >
        <Wordmark />
        <Box gap="xs">
          {share === undefined ? null : <ProgressBar label={place} value={share} />}
          <Text variant="caption" tone="textSecondary">
            {place}
          </Text>
          <Text variant={isWide ? 'display' : 'title'} level={1}>
            {title}
          </Text>
          <Text tone="textSecondary">{lead}</Text>
        </Box>
        {children}
      </View>
    </ScrollView>
  );
}

/** The place that is read first shows no frame: nothing can be done with it. */
const noOutline = Platform.select({ web: { outlineWidth: 0 }, default: {} });
