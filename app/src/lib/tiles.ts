/** Square pictures of the ground, as slippy maps number them: Web Mercator, zoom 0 is the world on one tile. */

import type { RouteMap } from './route';

export type TileSource = {
  /** Address with {z}, {x} and {y}. */
  urlTemplate: string;
  attribution: string;
  maxZoom: number;
};

export type Tile = { key: string; url: string; left: number; top: number; width: number; height: number };

const TILE_POINTS = 256;
const EQUATOR_M = 40_030_173;
/** The projection ends here, where the world becomes a square. */
const LAST_LATITUDE = 85.0511;
/** More than any drawing needs; a bound all the same on what is asked of somebody else's server. */
const MOST_TILES = 64;

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Where a place lies, counted in tiles of a zoom from the date line and from the north. */
export function tileAt(latitude_deg: number, longitude_deg: number, zoom: number): { x: number; y: number } {
  const latitude = radians(Math.min(LAST_LATITUDE, Math.max(-LAST_LATITUDE, latitude_deg)));
  const count = 2 ** zoom;
  return {
    x: ((longitude_deg + 180) / 360) * count,
    y: ((1 - Math.asinh(Math.tan(latitude)) / Math.PI) / 2) * count,
  };
}

/** The north-western corner of a tile. */
export function cornerOf(x: number, y: number, zoom: number): [latitude_deg: number, longitude_deg: number] {
  const count = 2 ** zoom;
  const latitude = Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / count)));
  return [(latitude * 180) / Math.PI, (x / count) * 360 - 180];
}

/** The zoom whose pictures come closest to the scale of a map, of those that there are. */
export function zoomFor(metersPerPoint: number, latitude_deg: number, maxZoom: number): number {
  const across = (EQUATOR_M * Math.cos(radians(latitude_deg))) / TILE_POINTS / metersPerPoint;
  return Math.max(0, Math.min(maxZoom, Math.round(Math.log2(across))));
}

/** The host that is asked for tiles. */
export function hostOf(template: string): string {
  return /^https?:\/\/([^/]+)/.exec(template)?.[1] ?? '';
}

export function tileUrl(template: string, zoom: number, x: number, y: number): string {
  const count = 2 ** zoom;
  const places = { z: zoom, x: ((x % count) + count) % count, y };
  return template.replace(/\{([zxy])\}/g, (_, place: 'z' | 'x' | 'y') => String(places[place]));
}

/** The tiles behind a drawing, each where its corners lie on it: the route fits them although its map is another one. */
export function tilesBehind(map: RouteMap, width: number, height: number, source: TileSource): Tile[] {
  const [north, west] = map.at({ x: 0, y: 0 });
  const [south, east] = map.at({ x: width, y: height });
  const zoom = zoomFor(map.metersPerPoint, (north + south) / 2, source.maxZoom);
  const first = tileAt(north, west, zoom);
  const last = tileAt(south, east, zoom);
  const tiles: Tile[] = [];
  for (let y = Math.max(0, Math.floor(first.y)); y <= Math.min(2 ** zoom - 1, Math.floor(last.y)); y++) {
    for (let x = Math.floor(first.x); x <= Math.floor(last.x) && tiles.length < MOST_TILES; x++) {
      const from = map.place(cornerOf(x, y, zoom));
      const to = map.place(cornerOf(x + 1, y + 1, zoom));
      // A route around the world has no map.
      if (to.x <= from.x) return [];
      tiles.push({
        key: `${zoom}/${x}/${y}`,
        url: tileUrl(source.urlTemplate, zoom, x, y),
        left: from.x,
        top: from.y,
        width: to.x - from.x,
        height: to.y - from.y,
      });
    }
  }
  return tiles;
}
