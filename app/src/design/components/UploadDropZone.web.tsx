import { type DragEvent, useEffect, useRef, useState } from 'react';

import { Icon } from '../icons';
import { Box, Text } from '../primitives';
import { useTheme } from '../theme';
import { radius, size } from '../tokens';
import { Button } from './Button';
import type { DropZoneProps, PickedFile } from './dropZoneTypes';

function picked(list: FileList | null): PickedFile[] {
  return Array.from(list ?? []).map((file) => ({ name: file.name, size: file.size, part: file }));
}

/** A file dropped beside the zone must not make the browser leave the app to open it. */
function useHarmlessMisses(): void {
  useEffect(() => {
    const ignore = (event: Event) => event.preventDefault();
    window.addEventListener('dragover', ignore);
    window.addEventListener('drop', ignore);
    return () => {
      window.removeEventListener('dragover', ignore);
      window.removeEventListener('drop', ignore);
    };
  }, []);
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
  useHarmlessMisses();
  const take = (files: PickedFile[]) => {
    if (files.length > 0) onFiles(multiple ? files : files.slice(0, 1));
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(picked(event.dataTransfer.files));
  };
  return (
    <div
      data-testid="drop-zone"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      style={{
        borderWidth: size.focusRing,
        borderStyle: 'dashed',
        borderColor: over ? color.accent : color.border,
        borderRadius: radius.l,
        backgroundColor: over ? color.surfaceSelected : color.surfaceSunken,
      }}
    >
      <Box align="center" gap="m" padding={compact ? 'l' : 'xl'}>
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
        <Button
          label={buttonLabel}
          icon="upload"
          variant="secondary"
          small
          align="center"
          onPress={() => input.current?.click()}
        />
      </Box>
    </div>
  );
}
