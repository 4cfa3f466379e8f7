import * as DocumentPicker from 'expo-document-picker';

import { Icon } from '../icons';
import { Box, Text } from '../primitives';
import { size } from '../tokens';
import { Button } from './Button';
import type { DropZoneProps } from './dropZoneTypes';

export function UploadDropZone({
  icon,
  title,
  hint,
  buttonLabel,
  multiple,
  compact,
  onFiles,
}: DropZoneProps) {
  const choose = async () => {
    const picked = await DocumentPicker.getDocumentAsync({
      multiple: multiple ?? false,
      copyToCacheDirectory: true,
    });
    if (picked.canceled) return;
    onFiles(
      picked.assets.map((asset) => ({
        name: asset.name,
        size: asset.size ?? null,
        part: { uri: asset.uri, name: asset.name, type: asset.mimeType ?? 'application/octet-stream' },
      })),
    );
  };
  return (
    <Box align="center" gap="m" padding={compact ? 'l' : 'xl'} radius="l" background="surfaceSunken" border>
      <Icon name={icon} size={compact ? size.iconL : size.iconXl} tone="accentText" />
      <Box gap="xxs" align="center">
        <Text variant="bodyStrong" align="center">
          {title}
        </Text>
        <Text variant="caption" tone="textSecondary" align="center">
          {hint}
        </Text>
      </Box>
      <Button label={buttonLabel} icon="upload" variant="secondary" small onPress={() => void choose()} />
    </Box>
  );
}
