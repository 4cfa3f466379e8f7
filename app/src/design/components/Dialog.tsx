import { Modal, Pressable } from 'react-native';

import { Box, Text } from '../primitives';
import { useTheme } from '../theme';
import { space } from '../tokens';
import type { DialogProps } from './dialogTypes';

export function Dialog({ title, open, onClose, children }: DialogProps) {
  const { color } = useTheme();
  return (
    <Modal visible={open} transparent animationType="fade" onRequestClose={onClose}>
      <Pressable
        onPress={onClose}
        style={{ flex: 1, justifyContent: 'center', padding: space.l, backgroundColor: color.scrim }}
      >
        <Pressable accessibilityViewIsModal>
          <Box background="surface" radius="l" padding="xl" gap="l">
            <Text variant="title" level={2}>
              {title}
            </Text>
            {children}
          </Box>
        </Pressable>
      </Pressable>
    </Modal>
  );
}
