// Lays the models into assets/live/, from where the bundles for Android and iOS take them; each must be the file that its
// manifest names. They are parts of an npm package and of this repository, and never committed a second time.
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

/** Name in the app, folder of the manifest, name in the manifest, folder of the file in the app's own. */
const FILES = [
  ['pose_detector', 'blazepose', 'detector', 'node_modules/@mediapipe/pose'],
  ['pose_landmark_full', 'blazepose', 'full', 'node_modules/@mediapipe/pose'],
  ['push_up_form', 'push_up_form', 'full', '../models/push_up_form'],
];

const digestOf = (content) => createHash('sha256').update(content).digest('hex');

/** `root` is the app's folder. */
function layNativeModels(root) {
  const target = join(root, 'assets/live');
  mkdirSync(target, { recursive: true });
  for (const [name, id, entry, folder] of FILES) {
    const manifest = JSON.parse(readFileSync(join(root, '../models', id, 'manifest.json'), 'utf8'));
    const { file, sha256 } = manifest.files[entry];
    const to = join(target, `${name}.tflite`);
    if (existsSync(to) && digestOf(readFileSync(to)) === sha256) continue;
    const content = readFileSync(join(root, folder, file));
    if (digestOf(content) !== sha256) {
      throw new Error(`${file} is not the file that models/${id}/manifest.json names: its SHA-256 differs`);
    }
    writeFileSync(to, content);
  }
}

module.exports = { layNativeModels };
