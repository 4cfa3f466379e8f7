import { type DragEvent, useRef, useState } from 'react';

import { Icon } from '../icons';
import { webProps } from '../interaction';
import { Box, Text } from '../primitives';
import { useTheme } from '../theme';
import { size } from '../tokens';
import { Button } from './Button';
import type { DropZoneProps, PickedFile } from './dropZoneTypes';

function picked(list: FileList | null): PickedFile[] {
  return Array.from(list ?? []).map((file) => ({ name: file.name, size: file.size, part: file }));
}

export function UploadDropZone({
  icon,
  title,
  hint,
  buttonLabel,
  accept,
  multiple,
  compact,
  onFiles,
}: DropZoneProps) {
  const { color } = useTheme();
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = (files: PickedFile[]) => {
    if (files.length > 0) onFiles(multiple ? files : files.slice(0, 1));
  };
  const drag = webProps({
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      take(picked(event.dataTransfer.files));
    },
  });
  return (
    <Box
      {...drag}
      testID="drop-zone"
      align="center"
      gap="m"
      padding={compact ? 'l' : 'xl'}
      radius="l"
      background={over ? 'surfaceSelected' : 'surfaceSunken'}
      style={{
        borderWidth: size.focusRing,
        borderStyle: 'dashed',
        borderColor: over ? color.accent : color.border,
      }}
    >
      <Icon name={icon} size={compact ? size.iconL : size.iconXl} tone="accentText" />
      <Box gap="xxs" align="center">
        <Text variant="bodyStrong" align="center">
          {title}
        </Text>
        <Text variant="caption" tone="textSecondary" align="center">
          {hint}
        </Text>
      </Box>
      <input
        ref={input}
        type="file"
        accept={accept.join(',')}
        multiple={multiple}
        tabIndex={-1}
        aria-hidden
        data-testid="file-input"
        style={{ display: 'none' }}
        onChange={(event) => {
          take(picked(event.target.files));
          event.target.value = '';
        }}
      />
      <Box align="center">
        <Button
          label={buttonLabel}
          icon="upload"
          variant="secondary"
          small
          onPress={() => input.current?.click()}
        />
      </Box>
    </Box>
  );
}
