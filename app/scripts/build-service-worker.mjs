// Writes the service worker beside the exported app, with the list of the files that make up its shell.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = process.argv[2];
const source = join(dirname(fileURLToPath(import.meta.url)), 'service-worker.js');
const LEFT_OUT = /^\/(live\/|metadata\.json$|service-worker\.js$)|\.(map|txt)$/;

const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  .map((path) => `/${relative(folder, path).split(sep).join('/')}`)
  .filter((path) => !LEFT_OUT.test(path))
  .sort();
const digest = createHash('sha256');
for (const file of files) digest.update(file).update(readFileSync(join(folder, file)));

const text = readFileSync(source, 'utf-8')
  .replace('/* FILES */ []', JSON.stringify(files))
  .replace('/* DIGEST */', digest.digest('hex').slice(0, 16));
writeFileSync(join(folder, 'service-worker.js'), text);
