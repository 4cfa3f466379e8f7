import { useTranslation } from 'react-i18next';

import type { ActivityDetail } from '@/api/types';
import { Box, Button, Card, Row, Text } from '@/design';

import { downloadOriginal } from './download';

export function SourceCard({ activity }: { activity: ActivityDetail }) {
  const { t } = useTranslation();
  const { device } = activity;
  const maker = [device.manufacturer, device.product ?? device.name]
    .filter((part) => typeof part === 'string' || typeof part === 'number')
    .join(' ');
  return (
    <Card title={t('source.title')}>
      <Box gap="xs">
        <Detail name={t('source.file')} value={activity.file_name} />
        <Detail name={t('source.format')} value={activity.format.toUpperCase()} />
        {maker ? <Detail name={t('source.device')} value={maker} /> : null}
        {activity.sources.length > 1 ? (
          <Detail
            name={t('source.others')}
            value={activity.sources.map((source) => source.file_name).join(', ')}
          />
        ) : null}
      </Box>
      <Button
        label={t('source.download')}
        icon="download"
        variant="secondary"
        small
        onPress={() => void downloadOriginal(activity.id, activity.file_name)}
      />
    </Card>
  );
}

function Detail({ name, value }: { name: string; value: string }) {
  return (
    <Row justify="space-between" gap="m" align="flex-start">
      <Text variant="label" tone="textSecondary">
        {name}
      </Text>
      <Text variant="caption" shrink align="right">
        {value}
      </Text>
    </Row>
  );
}
