import { fitRoute, type Point } from './route';
import { cornerOf, hostOf, tileAt, tilesBehind, tileUrl, zoomFor } from './tiles';

const SOURCE = { urlTemplate: 'https://tiles.test/{z}/{x}/{y}.png', attribution: '© Maps', maxZoom: 18 };
const FRAME = { width: 400, height: 260 };

function mapOf(points: Point[]) {
  const map = fitRoute(points, FRAME.width, FRAME.height, 28);
  if (map === null) throw new Error('no route');
  return map;
}

const behind = (points: Point[], source = SOURCE) =>
  tilesBehind(mapOf(points), FRAME.width, FRAME.height, source);

test('tiles are numbered as the slippy maps of OpenStreetMap are', () => {
  // https://wiki.openstreetmap.org/wiki/Slippy_map_tilenames: zoom 18 at 139.7006793 E, 35.6590699 N.
  const { x, y } = tileAt(35.6590699, 139.7006793, 18);
  expect([Math.floor(x), Math.floor(y)]).toEqual([232798, 103246]);
  // The equator and the meridian of Greenwich halve the world; it ends at 85.0511 degrees.
  expect(tileAt(0, 0, 1)).toEqual({ x: 1, y: 1 });
  expect(tileAt(90, -180, 3)).toEqual({ x: 0, y: expect.closeTo(0, 4) });
  const [north, west] = cornerOf(0, 0, 0);
  expect([north, west]).toEqual([expect.closeTo(85.0511, 4), -180]);
});

test('the host of a template is named as people see it', () => {
  expect(hostOf('https://tiles.test:8443/{z}/{x}/{y}.png?key=1')).toBe('tiles.test:8443');
});

test('a corner lies where its tile begins', () => {
  const [latitude, longitude] = cornerOf(8508, 5500, 14);
  const { x, y } = tileAt(latitude, longitude, 14);
  expect([x, y]).toEqual([expect.closeTo(8508, 6), expect.closeTo(5500, 6)]);
});

test('the zoom comes closest to the scale, as far as there are pictures', () => {
  // A tile of 256 points spans the equator at zoom 0: 40030 km / 256 = 156.4 km a point, and half of it at 60 degrees.
  expect(zoomFor(156_400, 0, 18)).toBe(0);
  expect(zoomFor(156_400 / 2 ** 10, 0, 18)).toBe(10);
  expect(zoomFor(156_400 / 2 ** 10, 60, 18)).toBe(9);
  expect(zoomFor(0.1, 0, 16)).toBe(16);
  expect(zoomFor(1e7, 0, 18)).toBe(0);
});

test('the tiles cover the drawing without a gap, and the route lies on them where it belongs', () => {
  const route: Point[] = [
    [47.37, 8.54],
    [47.4, 8.6],
  ];
  const map = mapOf(route);
  const tiles = behind(route);
  expect(Math.min(...tiles.map(({ left }) => left))).toBeLessThanOrEqual(0);
  expect(Math.min(...tiles.map(({ top }) => top))).toBeLessThanOrEqual(0);
  expect(Math.max(...tiles.map(({ left, width }) => left + width))).toBeGreaterThanOrEqual(FRAME.width);
  expect(Math.max(...tiles.map(({ top, height }) => top + height))).toBeGreaterThanOrEqual(FRAME.height);
  const area = tiles.reduce((sum, { width, height }) => sum + width * height, 0);
  const across = Math.max(...tiles.map((t) => t.left + t.width)) - Math.min(...tiles.map((t) => t.left));
  const down = Math.max(...tiles.map((t) => t.top + t.height)) - Math.min(...tiles.map((t) => t.top));
  expect(area).toBeCloseTo(across * down, 3);
  for (const [latitude, longitude] of route) {
    const zoom = Number(tiles[0]?.key.split('/')[0]);
    const { x, y } = tileAt(latitude, longitude, zoom);
    const tile = tiles.find(({ key }) => key === `${zoom}/${Math.floor(x)}/${Math.floor(y)}`);
    const placed = map.place([latitude, longitude]);
    expect((tile?.left ?? NaN) + (x % 1) * (tile?.width ?? NaN)).toBeCloseTo(placed.x, 1);
    expect((tile?.top ?? NaN) + (y % 1) * (tile?.height ?? NaN)).toBeCloseTo(placed.y, 1);
  }
});

test('over the date line the columns begin anew', () => {
  const tiles = behind([
    [-16.8, 179.98],
    [-16.82, -179.98],
  ]);
  const columns = new Set(tiles.map(({ url }) => Number(url.split('/').at(-2))));
  const last = 2 ** Number(tiles[0]?.key.split('/')[0]) - 1;
  expect(columns).toContain(0);
  expect(columns).toContain(last);
  expect(tileUrl('{z}/{x}/{y}', 3, -1, 2)).toBe('3/7/2');
});

test('never more is asked of a host than a picture needs, and nothing for a route around the world', () => {
  const far = behind([
    [40, -5],
    [50, 20],
  ]);
  expect(far.length).toBeGreaterThan(0);
  expect(far.length).toBeLessThanOrEqual(64);
  expect(
    behind(
      [
        [0, 0],
        [0, 90],
        [0, 170],
        [0, -100],
      ],
      { ...SOURCE, maxZoom: 0 },
    ),
  ).toEqual([]);
});
