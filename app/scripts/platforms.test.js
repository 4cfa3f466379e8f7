/**
 * What only phones have is no part of the web app: it stands in files that have a twin for browsers.
 *
 * @jest-environment node
 */
const { readdirSync } = require('node:fs');
const { dirname, join } = require('node:path');

const { build } = require('esbuild');

const ROOT = dirname(require.resolve('../package.json'));
const ONLY_ON_PHONES = [
  '@noble/curves/ed25519.js',
  'expo-file-system',
  'expo-haptics',
  'expo-location',
  'expo-sensors',
  'expo-speech',
  'expo-task-manager',
  'react-native-ble-plx',
  'react-native-fast-tflite',
  'react-native-vision-camera',
];
const ASSETS = ['.png', '.svg', '.tflite', '.woff2', '.css', '.webp'];

/** The packages that the screens import, themselves or by the way, on a platform. */
async function packagesOf(suffixes) {
  const routes = readdirSync(join(ROOT, 'src/routes'), { recursive: true }).filter((path) =>
    path.endsWith('.tsx'),
  );
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: routes.map((path) => join('src/routes', path)),
    bundle: true,
    write: false,
    outdir: 'nowhere',
    metafile: true,
    packages: 'external',
    format: 'esm',
    jsx: 'automatic',
    resolveExtensions: [...suffixes, '.tsx', '.ts', '.js', '.json'],
    loader: Object.fromEntries(ASSETS.map((ending) => [ending, 'empty'])),
    logLevel: 'silent',
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  return new Set(imports.filter(({ external }) => external).map(({ path }) => path));
}

test('browsers load none of it, and phones all', async () => {
  const [web, phone] = await Promise.all([
    packagesOf(['.web.tsx', '.web.ts']),
    packagesOf(['.native.tsx', '.native.ts']),
  ]);
  expect(ONLY_ON_PHONES.filter((name) => web.has(name))).toEqual([]);
  expect(ONLY_ON_PHONES.filter((name) => !phone.has(name))).toEqual([]);
});
