import { Image, View } from 'react-native';

import type { Tile } from '@/lib/tiles';

/** The ground of a map; nothing of it is for assistive technology, which the drawing above tells what there is. */
export function TileLayer({ tiles }: { tiles: readonly Tile[] }) {
  return (
    <View aria-hidden style={{ position: 'absolute', left: 0, top: 0, pointerEvents: 'none' }}>
      {tiles.map(({ key, url, left, top, width, height }) => (
        <Image key={key} source={{ uri: url }} style={{ position: 'absolute', left, top, width, height }} />
      ))}
    </View>
  );
}
