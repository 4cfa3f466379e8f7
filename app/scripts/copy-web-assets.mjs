// Copies the web font files out of node_modules into public/, where the strict content policy lets the page load them.
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'node_modules/@fontsource-variable/inter');
const target = join(root, 'public/fonts');

mkdirSync(target, { recursive: true });
for (const subset of ['latin', 'latin-ext']) {
  copyFileSync(
    join(source, `files/inter-${subset}-opsz-normal.woff2`),
    join(target, `inter-${subset}.woff2`),
  );
}
copyFileSync(join(source, 'LICENSE'), join(target, 'LICENSE.txt'));
