import { useTranslation } from 'react-i18next';
import { Linking } from 'react-native';

import { serverAddress } from '@/api/session';
import { Box, Card, Text } from '@/design';
import { webProps } from '@/design/interaction';

const forms = [
  { form: 'atom', name: 'Atom' },
  { form: 'rss', name: 'RSS' },
  { form: 'json', name: 'JSON Feed' },
] as const;

/** Where feed readers find what a person shares with everybody. */
export function FeedLinks({ handle }: { handle: string }) {
  const { t } = useTranslation();
  return (
    <Card title={t('community.feed.title')} caption={t('community.feed.caption')}>
      <Box gap="s" role="list" aria-label={t('community.feed.title')}>
        {forms.map(({ form, name }) => {
          const address = `${serverAddress()}/api/v1/community/people/${handle}/public.${form}`;
          return (
            <Box key={form} role="listitem">
              <Text variant="label">{name}</Text>
              <Text
                variant="caption"
                tone="accentText"
                selectable
                role="link"
                {...webProps({ href: address, hrefAttrs: { target: '_blank', rel: 'noopener' } })}
                onPress={process.env.EXPO_OS === 'web' ? undefined : () => void Linking.openURL(address)}
              >
                {address}
              </Text>
            </Box>
          );
        })}
      </Box>
    </Card>
  );
}
