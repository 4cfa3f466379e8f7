// Bundles the pose worker and lays it into public/live/ with the runtime and the models it loads, all from this server.
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, 'public/live');
const runtime = join(root, 'node_modules/@litertjs/core/wasm');
const pose = join(root, 'node_modules/@mediapipe/pose');

mkdirSync(target, { recursive: true });
for (const file of readdirSync(runtime)) {
  // The variant for WebNN is not used.
  if (file.startsWith('litert_wasm') && !file.includes('jspi')) {
    copyFileSync(join(runtime, file), join(target, file));
  }
}
copyFileSync(join(pose, 'pose_solution_packed_assets.data'), join(target, 'pose_detector.tflite'));
copyFileSync(join(pose, 'pose_landmark_full.tflite'), join(target, 'pose_landmark_full.tflite'));
copyFileSync(join(root, '../models/push_up_form/model.tflite'), join(target, 'push_up_form.tflite'));

await build({
  entryPoints: [join(root, 'src/live/pose/worker.ts')],
  outfile: join(target, 'pose-worker.js'),
  bundle: true,
  format: 'iife',
  target: 'es2022',
  minify: true,
  legalComments: 'eof',
  tsconfig: join(root, 'tsconfig.json'),
  logLevel: 'warning',
});
