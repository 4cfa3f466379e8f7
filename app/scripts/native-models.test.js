/** The models that become parts of the apps for Android and iOS. */
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const { layNativeModels } = require('./native-models');

let root;

/** A checkout with small files in place of the models. */
beforeEach(() => {
  root = join(fs.mkdtempSync(join(tmpdir(), 'topform-models-')), 'app');
  const lay = (folder, files) => {
    fs.mkdirSync(join(root, folder), { recursive: true });
    Object.entries(files).forEach(([name, content]) => fs.writeFileSync(join(root, folder, name), content));
  };
  const sha256 = (content) => createHash('sha256').update(content).digest('hex');
  const manifest = (files) => ({
    'manifest.json': JSON.stringify({
      files: Object.fromEntries(
        Object.entries(files).map(([name, [file, content]]) => [name, { file, sha256: sha256(content) }]),
      ),
    }),
  });
  lay('../models/blazepose', manifest({ detector: ['d.data', 'detector'], full: ['l.tflite', 'landmarks'] }));
  lay('../models/push_up_form', { ...manifest({ full: ['m.tflite', 'form'] }), 'm.tflite': 'form' });
  lay('node_modules/@mediapipe/pose', { 'd.data': 'detector', 'l.tflite': 'landmarks' });
});
afterEach(() => fs.rmSync(join(root, '..'), { recursive: true }));

const laid = (name) => fs.readFileSync(join(root, 'assets/live', name), 'utf8');

test('are laid where the bundles take them from, and again where one was damaged', () => {
  layNativeModels(root);
  const all = ['pose_detector.tflite', 'pose_landmark_full.tflite', 'push_up_form.tflite'];
  expect(all.map(laid)).toEqual(['detector', 'landmarks', 'form']);
  fs.writeFileSync(join(root, 'assets/live/push_up_form.tflite'), 'half a mod');
  layNativeModels(root);
  expect(laid('push_up_form.tflite')).toBe('form');
});

test('are refused where a file is not the one that its manifest names', () => {
  fs.writeFileSync(join(root, 'node_modules/@mediapipe/pose/l.tflite'), 'other landmarks');
  expect(() => layNativeModels(root)).toThrow(/l\.tflite is not the file that models\/blazepose/);
});
