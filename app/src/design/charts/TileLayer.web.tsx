import type { Tile } from '@/lib/tiles';

/**
 * The ground of a map. Fetched with CORS, which pages that are isolated from others ask for, and without cookies; that
 * tells the host from which server the page came, so its address is said too, as many hosts of maps want it.
 */
export function TileLayer({ tiles }: { tiles: readonly Tile[] }) {
  return (
    <div aria-hidden style={{ position: 'absolute', left: 0, top: 0, pointerEvents: 'none' }}>
      {tiles.map(({ key, url, left, top, width, height }) => (
        <img
          key={key}
          src={url}
          alt=""
          crossOrigin="anonymous"
          referrerPolicy="strict-origin"
          draggable={false}
          style={{ position: 'absolute', left, top, width, height }}
        />
      ))}
    </div>
  );
}
