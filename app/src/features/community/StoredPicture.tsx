import { useState } from 'react';
import { Image } from 'react-native';

import { serverAddress, sessionHeaders } from '@/api/session';
import { useTheme } from '@/design';
import { radius } from '@/design/tokens';

/** A picture that the server gives to this session only; nothing where it does not. */
export function StoredPicture({ path, label }: { path: string; label: string }) {
  const { color } = useTheme();
  const [isGone, setGone] = useState(false);
  if (isGone) return null;
  return (
    <Image
      source={{ uri: `${serverAddress()}${path}`, headers: sessionHeaders() }}
      accessibilityLabel={label}
      resizeMode="contain"
      onError={() => setGone(true)}
      style={{
        width: '100%',
        aspectRatio: 4 / 3,
        borderRadius: radius.m,
        backgroundColor: color.surfaceSunken,
      }}
    />
  );
}
