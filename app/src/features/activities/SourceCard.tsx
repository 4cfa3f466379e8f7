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
        <Detail name={t('source.file')} value={baseName(activity.file_name)} />
        <Detail name={t('source.format')} value={activity.format.toUpperCase()} />
        {maker ? <Detail name={t('source.device')} value={maker} /> : null}
        {activity.sources.length > 1 ? (
          <Detail name={t('source.others')} value={otherNames(activity).join(', ')} />
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

/** The name without the folders of the archive it came in. */
function baseName(path: string): string {
  return path.split('/').at(-1) ?? path;
}

function otherNames(activity: ActivityDetail): string[] {
  return activity.sources.filter((source) => !source.is_primary).map((source) => baseName(source.file_name));
}

function Detail({ name, value }: { name: string; value: string }) {
  return (
    <Row justify="space-between" gap="m" align="flex-start">
      <Text variant="label" tone="textSecondary">
        {name}
      </Text>
      <Box shrink minWidth={0}>
        <Text variant="caption" align="right" anywhere>
          {value}
        </Text>
      </Box>
    </Row>
  );
}
