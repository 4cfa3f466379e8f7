import { useTranslation } from 'react-i18next';
import { Linking } from 'react-native';

import { Box, Card, Icon, Row, Text } from '@/design';
import { webProps } from '@/design/interaction';
import { useFormat } from '@/i18n/useFormat';

import type { Post } from './communityQueries';
import { PostText } from './PostText';

/** A post of another server: who said it, its words, and where it is; it is liked and answered there. */
export function RemotePostCard({ post, origin }: { post: Post; origin: { host: string; url: string } }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Card>
      <Row gap="m" align="flex-start">
        <Box background="accentSoft" radius="pill" padding="s">
          <Icon name="people" tone="accentText" />
        </Box>
        <Box flex={1} minWidth={0}>
          <Text variant="bodyStrong">{post.author.name}</Text>
          <Text variant="caption" tone="textSecondary">
            @{post.author.handle}
          </Text>
          <Text variant="caption" tone="textSecondary">
            {format.instant(post.created_at)}
          </Text>
        </Box>
      </Row>
      <PostText text={post.text} mentions={[]} />
      <Text
        variant="label"
        tone="accentText"
        role="link"
        {...webProps({ href: origin.url, hrefAttrs: { target: '_blank', rel: 'noopener noreferrer' } })}
        onPress={process.env.EXPO_OS === 'web' ? undefined : () => void Linking.openURL(origin.url)}
      >
        {t('community.openOrigin', { host: origin.host })}
      </Text>
    </Card>
  );
}
