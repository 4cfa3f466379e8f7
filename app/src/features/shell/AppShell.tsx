import { useQuery } from '@tanstack/react-query';
import { usePathname } from 'expo-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';

import { Box, Icon, type IconName, LinkPressable, type Path, Row, Text, useLayout, useTheme } from '@/design';
import { isHovered } from '@/design/interaction';
import { radius, size, space } from '@/design/tokens';
import { shownCount } from '@/features/notices/noticeParts';
import { unreadQuery } from '@/features/notices/noticeQueries';

import { OfflineBanner } from './OfflineBanner';
import { SkipLink } from './SkipLink';
import { Wordmark } from './Wordmark';

type Destination = {
  href: Path;
  icon: IconName;
  text: 'today' | 'activities' | 'form' | 'fitness' | 'plan' | 'community' | 'notices' | 'profile';
};

const destinations: readonly Tab[] = [
  { href: '/', icon: 'today', text: 'today' },
  { href: '/activities', icon: 'activities', text: 'activities' },
  { href: '/form-checks', icon: 'form', text: 'form' },
  { href: '/fitness', icon: 'fitness', text: 'fitness' },
  { href: '/plan', icon: 'plan', text: 'plan' },
  { href: '/community', icon: 'people', text: 'community' },
  { href: '/profile', icon: 'profile', text: 'profile' },
];

const bell: Destination = { href: '/notices', icon: 'bell', text: 'notices' };

/** Tabs have no room for the bell: on a phone it stands on the screens where a day begins. */
type Tab = Destination & { text: Exclude<Destination['text'], 'notices'> };

function isCurrent(pathname: string, href: string): boolean {
  return href === '/' ? pathname === '/' : pathname === href || pathname.startsWith(`${href}/`);
}

/** Navigation around every signed-in screen: tabs at the bottom of a phone, a side bar where there is room. */
export function AppShell({ children }: { children: ReactNode }) {
  const { isWide } = useLayout();
  const { color } = useTheme();
  return (
    <View style={{ flex: 1, flexDirection: isWide ? 'row' : 'column', backgroundColor: color.background }}>
      <SkipLink />
      {isWide ? <SideNavigation /> : null}
      <View style={{ flex: 1, minWidth: 0 }}>
        <OfflineBanner />
        {children}
      </View>
      {isWide ? null : <TabBar />}
    </View>
  );
}

function SideNavigation() {
  const { t } = useTranslation();
  const { color, textScale } = useTheme();
  const pathname = usePathname();
  const { data: unread = 0 } = useQuery(unreadQuery());
  return (
    <Box
      role="navigation"
      aria-label={t('nav.label')}
      width={size.sideNav * textScale}
      background="surface"
      paddingX="m"
      paddingY="xl"
      gap="xl"
      style={{ borderEndWidth: size.hairline, borderEndColor: color.border }}
    >
      <Box paddingX="s">
        <Wordmark />
      </Box>
      <Box gap="xxs" flex={1}>
        {[...destinations.slice(0, -1), bell, ...destinations.slice(-1)].map(({ href, icon, text }) => {
          const current = isCurrent(pathname, href);
          return (
            <Box key={href} style={text === 'notices' ? { marginTop: 'auto' } : undefined}>
              <LinkPressable
                href={href}
                current={current}
                style={(state) => ({
                  flexDirection: 'row',
                  alignItems: 'center',
                  gap: space.m,
                  minHeight: size.control,
                  paddingHorizontal: space.m,
                  borderRadius: radius.m,
                  backgroundColor: current
                    ? color.accentSoft
                    : isHovered(state) || state.pressed
                      ? color.surfaceHover
                      : undefined,
                })}
              >
                <Icon name={icon} tone={current ? 'accentText' : 'textSecondary'} />
                <Text variant="bodyStrong" tone={current ? 'accentText' : 'textSecondary'}>
                  {t(`nav.${text}`)}
                </Text>
                {text === 'notices' && unread > 0 ? (
                  <Box background="accent" radius="pill" paddingX="s" paddingY="xxs">
                    <Text variant="micro" tone="textOnAccent" tabular>
                      {shownCount(unread)}
                    </Text>
                  </Box>
                ) : null}
              </LinkPressable>
            </Box>
          );
        })}
      </Box>
    </Box>
  );
}

/** Tabs that do not fit beside each other, as with large letters, stand in two rows. */
function TabBar() {
  const { t } = useTranslation();
  const { color } = useTheme();
  const pathname = usePathname();
  const insets = useSafeAreaInsets();
  return (
    <Row
      role="navigation"
      aria-label={t('nav.label')}
      background="surface"
      align="stretch"
      wrap
      style={{
        borderTopWidth: size.hairline,
        borderTopColor: color.border,
        paddingBottom: insets.bottom,
      }}
    >
      {destinations.map(({ href, icon, text }) => {
        const current = isCurrent(pathname, href);
        return (
          <LinkPressable
            key={href}
            href={href}
            current={current}
            style={() => ({
              flexGrow: 1,
              flexShrink: 1,
              flexBasis: 'auto',
              minWidth: 0,
              minHeight: size.tabBar,
              alignItems: 'center',
              justifyContent: 'center',
              gap: space.xxs,
            })}
          >
            <Box background={current ? 'accentSoft' : undefined} radius="pill" paddingX="m" paddingY="xxs">
              <Icon name={icon} tone={current ? 'accentText' : 'textSecondary'} />
            </Box>
            <Text variant="micro" tone={current ? 'accentText' : 'textSecondary'} numberOfLines={1}>
              {t(`nav.short.${text}`)}
            </Text>
          </LinkPressable>
        );
      })}
    </Row>
  );
}
