import { useTranslation } from 'react-i18next';

import { Box, Card, Icon, Row, Text } from '@/design';

const ADVICE = ['side', 'whole', 'distance', 'light', 'behind', 'still'] as const;

export function HowToFilm() {
  const { t } = useTranslation();
  return (
    <Card title={t('film.title')}>
      <Box gap="s" role="list">
        {ADVICE.map((item) => (
          <Row key={item} gap="s" align="flex-start" role="listitem">
            <Icon name="check" tone="accentText" />
            <Text variant="label" shrink>
              {t(`film.${item}`)}
            </Text>
          </Row>
        ))}
      </Box>
    </Card>
  );
}
