import { Stack } from 'expo-router';
import { type ReactNode, useEffect } from 'react';
import { Platform, RefreshControl, ScrollView, View, type ViewStyle } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';

import { webProps } from '../interaction';
import { Box, Row, Text } from '../primitives';
import { useLayout, useTheme } from '../theme';
import { size, space } from '../tokens';
import { Button } from './Button';
import type { Path } from './LinkPressable';

type Props = {
  title: string;
  /** Shown under the title. */
  subtitle?: string;
  /** Buttons beside the title; under it where there is no room for both. */
  actions?: ReactNode;
  /** Where "back" leads; screens without it are top level. */
  back?: { href: Path; label: string };
  width?: 'narrow' | 'reading' | 'wide';
  onRefresh?: () => void;
  refreshing?: boolean;
  children: ReactNode;
};

const maxWidths = { narrow: size.contentNarrow, reading: size.contentReading, wide: size.contentWide };

/** A title takes what the buttons leave, but never less than this; then they go under it. */
const besideActions: ViewStyle = { flexGrow: 1, flexShrink: 1, flexBasis: size.besideActions };

/** One page: its title, its actions and a scrolling body of a readable width. */
export function Screen({
  title,
  subtitle,
  actions,
  back,
  width = 'wide',
  onRefresh,
  refreshing,
  children,
}: Props) {
  const { color } = useTheme();
  const { isWide, layout } = useLayout();
  const insets = useSafeAreaInsets();
  useEffect(() => {
    if (Platform.OS === 'web') document.title = `${title} · TopForm`;
  }, [title]);
  return (
    <View style={{ flex: 1, backgroundColor: color.background }}>
      {Platform.OS === 'web' ? null : <Stack.Screen options={{ title, headerShown: false }} />}
      <ScrollView
        {...webProps({ tabIndex: -1 })}
        refreshControl={
          onRefresh ? <RefreshControl refreshing={refreshing ?? false} onRefresh={onRefresh} /> : undefined
        }
        contentContainerStyle={{
          paddingTop: insets.top + (isWide ? space.xxl : space.l),
          paddingBottom: insets.bottom + space.xxxl,
          paddingHorizontal: isWide ? space.xxl : space.l,
          alignItems: isWide ? 'flex-start' : 'stretch',
        }}
      >
        <Box
          width="100%"
          maxWidth={maxWidths[width]}
          gap="l"
          role="main"
          alignSelf={isWide ? 'flex-start' : 'center'}
        >
          {back ? (
            <Button
              href={back.href}
              label={back.label}
              icon="chevronLeft"
              variant="quiet"
              small
              flush="start"
            />
          ) : null}
          <Box direction={layout === 'phone' ? 'column' : 'row'} gap="m" wrap={layout !== 'phone'}>
            <Box gap="xxs" style={layout === 'phone' ? undefined : besideActions}>
              <Text variant={isWide ? 'display' : 'title'} level={1}>
                {title}
              </Text>
              {subtitle ? <Text tone="textSecondary">{subtitle}</Text> : null}
            </Box>
            {actions ? (
              <Row gap="s" wrap>
                {actions}
              </Row>
            ) : null}
          </Box>
          {children}
        </Box>
      </ScrollView>
    </View>
  );
}

/** Two columns where there is room, one after the other where there is not. */
export function Columns({ main, aside }: { main: ReactNode; aside: ReactNode }) {
  const { isWide } = useLayout();
  if (!isWide) {
    return (
      <Box gap="l">
        {main}
        {aside}
      </Box>
    );
  }
  return (
    <Row gap="l" align="flex-start">
      <Box gap="l" style={{ flex: 2, minWidth: 0 }}>
        {main}
      </Box>
      <Box gap="l" style={{ flex: 1, minWidth: 0 }}>
        {aside}
      </Box>
    </Row>
  );
}
