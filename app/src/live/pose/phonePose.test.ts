/** The pose on a phone: the same pipeline around a runtime that orders its tensors as it likes and reuses its memory. */
import { FormModel, FORM_OUTPUTS } from './formModel';
import { uprightFromLetterbox } from './geometry';
import { DETECTOR, LANDMARKS } from './graph';
import { Looker } from './looker';
import { pixelsOfSquare, SQUARE_PX } from './phonePictures';
import { pixelsFromRgba, sampleInto, type Pixels } from './sampling';
import { chosenStepGraph } from './stepGraph';
import { loadGraph, loadStepGraph } from './tflite';

type Run = (inputs: Float32Array[]) => Float32Array[];
type FakeModel = { inputs: number[][]; outputs: number[][]; run: Run };

const mockModels = new Map<string, FakeModel>();

jest.mock('react-native-fast-tflite', () => ({
  loadTensorflowModel: async ({ url }: { url: string }, delegates: string[]) => {
    const { inputs, outputs, run } = mockModels.get(url)!;
    if (delegates.length > 0) throw new Error('half precision');
    const sizeOf = (shape: number[]) => shape.reduce((product, side) => product * side, 1);
    // As the library: one memory for each output, written over by every run.
    const kept = outputs.map((shape) => new Float32Array(sizeOf(shape)));
    return {
      inputs: inputs.map((shape) => ({ shape })),
      outputs: outputs.map((shape) => ({ shape })),
      run: async (given: ArrayBuffer[]) => {
        given.forEach((octets, place) => expect(octets.byteLength).toBe(4 * sizeOf(inputs[place]!)));
        run(given.map((octets) => new Float32Array(octets))).forEach((values, place) =>
          kept[place]!.set(values),
        );
        return kept.map(({ buffer }) => buffer);
      },
    };
  },
}));

const POINTS = 39;
/** What the models were shown. */
const shown: { detector: Float32Array[]; landmarks: Float32Array[] } = { detector: [], landmarks: [] };

/** One person in the middle of the picture; the outputs come in another order than the app asks for them. */
function layModels() {
  mockModels.set('detector', {
    inputs: [[1, DETECTOR.inputPx, DETECTOR.inputPx, 3]],
    outputs: [
      [1, 2254, 1],
      [1, 2254, 12],
    ],
    run: ([picture]) => {
      shown.detector.push(picture!.slice());
      const raw = new Float32Array(DETECTOR.outputSizes[0]);
      const logits = new Float32Array(DETECTOR.outputSizes[1]).fill(-50);
      logits[1000] = 5;
      raw.set([0, 0, 80, 80, 0, 0, 0, -60, 0, 0, 0, 0], 12 * 1000);
      return [logits, raw];
    },
  });
  mockModels.set('landmarks', {
    inputs: [[1, LANDMARKS.inputPx, LANDMARKS.inputPx, 3]],
    outputs: [
      [1, 117],
      [1, 64, 64, 39],
      [1, 1],
      [1, 195],
    ],
    run: ([picture]) => {
      shown.landmarks.push(picture!.slice());
      const points = new Float32Array(LANDMARKS.outputSizes[0]);
      for (let point = 0; point < POINTS; point += 1) points.set([128, 128, 0, 3, 3], 5 * point);
      points.set([128, 40], 5 * 34);
      const world = new Float32Array(LANDMARKS.outputSizes[3]);
      world[3 * 11 + 1] = -0.5;
      world[3 * 12 + 1] = -0.5;
      const heatmaps = new Float32Array(LANDMARKS.outputSizes[2]).fill(-20);
      return [world, heatmaps, Float32Array.of(0.95), points];
    },
  });
  mockModels.set('form', {
    // Memory, time, certainties, positions.
    inputs: [[1, 80], [1], [1, 33], [1, 33, 2]],
    outputs: [
      [1, 80],
      [1, FORM_OUTPUTS],
    ],
    // Says where the left hand is and how often it was asked.
    run: ([memory, stepS, score, xy]) => [
      memory!.map((value, place) => (place === 0 ? value + 1 : value)),
      new Float32Array(FORM_OUTPUTS).fill(xy![2 * 15]! + 10 * memory![0]! + score![15]! + stepS![0]!),
    ],
  });
}

beforeEach(() => {
  layModels();
  shown.detector.length = 0;
  shown.landmarks.length = 0;
});

/** A picture with a gradient in each colour, and the same in the square that the graphics processor makes. */
function picture(widthPx: number, heightPx: number): { pixels: Pixels; square: ArrayBuffer } {
  const rgba = new Uint8Array(widthPx * heightPx * 4);
  const rgb = new Uint8Array(SQUARE_PX * SQUARE_PX * 3);
  const left = (SQUARE_PX - widthPx) / 2;
  const top = (SQUARE_PX - heightPx) / 2;
  for (let row = 0; row < heightPx; row += 1) {
    for (let column = 0; column < widthPx; column += 1) {
      const colours = [column % 251, row % 241, (column + row) % 239];
      rgba.set([...colours, 255], 4 * (row * widthPx + column));
      rgb.set(colours, 3 * ((row + top) * SQUARE_PX + column + left));
    }
  }
  return { pixels: pixelsFromRgba(rgba, { widthPx, heightPx }), square: rgb.buffer };
}

const furthestApart = (some: Float32Array[], others: Float32Array[]): number =>
  some.reduce(
    (most, one, index) =>
      one.reduce((far, value, place) => Math.max(far, Math.abs(value - others[index]![place]!)), most),
    0,
  );

const graphs = async () => ({
  detector: await loadGraph('detector', DETECTOR.inputPx, DETECTOR.outputSizes),
  landmarks: await loadGraph('landmarks', LANDMARKS.inputPx, LANDMARKS.outputSizes),
  step: await loadStepGraph('form'),
});

test.each([
  ['upright', 480, 640],
  ['on its side', 640, 480],
])(
  'a picture from a phone that stands %s is seen as the same picture without bars',
  async (_, widthPx, heightPx) => {
    const { pixels, square } = picture(widthPx, heightPx);
    // A camera may give it at another scale; the square has one.
    const size = { widthPx: widthPx * 1.5, heightPx: heightPx * 1.5 };
    const looker = new Looker(await graphs());
    const seen = await looker.look(pixelsOfSquare({ rgb: square, size }), 1);
    const found = { ...shown, detector: [...shown.detector], landmarks: [...shown.landmarks] };
    shown.detector.length = 0;
    shown.landmarks.length = 0;
    const wanted = await new Looker(await graphs()).look(pixels, 1);
    expect({ ...seen, tookMs: 0 }).toEqual({ ...wanted, tookMs: 0 });
    expect([seen.widthPx, seen.heightPx]).toEqual([widthPx, heightPx]);
    expect(seen.xy).not.toBeNull();
    expect(seen.form?.faultLogits.length).toBe(9);
    expect([found.detector.length, found.landmarks.length]).toEqual([1, 2]);
    expect(furthestApart(found.detector, shown.detector)).toBe(0);
    expect(furthestApart(found.landmarks, shown.landmarks)).toBe(0);
  },
);

test('what one run said stays while the next one runs', async () => {
  const model = new FormModel((await graphs()).step);
  const body = { xyPx: new Float32Array(66), visibility: new Float32Array(33).fill(1) };
  body.xyPx[2 * 15] = 7;
  body.xyPx[2 * 16] = 3;
  const first = await model.step(body, 1);
  // The mean of the left hand at 7 and, in the mirror, the right hand at -3.
  expect(first!.faultLogits[0]).toBeCloseTo((7 - 3) / 2 + 1 + 1 / 15, 5);
  // Each of the two memories has counted to one, neither to two.
  const second = await model.step(body, 1.1);
  expect(second!.faultLogits[0]).toBeCloseTo((7 - 3) / 2 + 10 + 1 + 0.1, 5);
});

test('a new recording follows nobody and remembers nothing', async () => {
  const { pixels } = picture(480, 640);
  const looker = new Looker(await graphs());
  const first = await looker.look(pixels, 1);
  await looker.look(pixels, 1.1);
  expect(shown.detector.length).toBe(1);
  looker.restart();
  const again = await looker.look(pixels, 2);
  expect(shown.detector.length).toBe(2);
  expect(again.form).toEqual(first.form);
});

test('a newer form model runs when it says on this phone what was signed, else the one before', async () => {
  const frame = {
    xy: Array.from({ length: 66 }, () => 2),
    score: Array.from({ length: 33 }, () => 1),
    step_s: 0.1,
  };
  // Where the left hand is, its certainty, the time, and ten times how often it was asked.
  const outputs = [3.1, 13.1].map((said) => Array.from({ length: FORM_OUTPUTS }, () => said));
  const golden = { frames: [frame, frame], outputs };
  mockModels.set('other', {
    ...mockModels.get('form')!,
    run: ([memory]) => [memory!, new Float32Array(FORM_OUTPUTS)],
  });
  const content = new Uint8Array();
  const candidates = ['detector', 'other', 'form'].map((sha256, place) => ({
    number: 9 - place,
    sha256,
    golden,
    content,
  }));
  const chosen = (count: number) =>
    chosenStepGraph(
      candidates.slice(0, count),
      () => loadStepGraph('form'),
      ({ sha256 }) => loadStepGraph(sha256),
    );
  expect(await chosen(3)).toMatchObject({ number: 7, failed: ['detector', 'other'] });
  expect(await chosen(2)).toMatchObject({ number: null, failed: ['detector', 'other'] });
});

test('a file that is another model is refused', async () => {
  await expect(loadGraph('form', DETECTOR.inputPx, DETECTOR.outputSizes)).rejects.toThrow(/pose model/);
  await expect(loadStepGraph('detector')).rejects.toThrow(/form model/);
});

test('a picture of another size is refused', () => {
  const size = { widthPx: 480, heightPx: 640 };
  expect(() => pixelsOfSquare({ rgb: new ArrayBuffer(12), size })).toThrow(RangeError);
});

test('pixels beside each other and planes give the same crop, at the edges too', () => {
  const { pixels } = picture(64, 40);
  // The same bytes, told as three planes that have nothing to do with each other.
  const planes = pixels.planes.map((plane) => ({ ...plane, bytes: plane.bytes.slice() }));
  const apart: Pixels = { ...pixels, planes: [planes[0]!, planes[1]!, planes[2]!] };
  const maps = [
    uprightFromLetterbox(pixels, 48),
    [0.9, -0.4, -3.3, 0.4, 0.9, -5.7] as const,
    [-0.7, 0.2, 70.1, 0.3, -0.8, 44.9] as const,
  ];
  for (const map of maps) {
    const together = new Float32Array(48 * 48 * 3);
    const each = new Float32Array(48 * 48 * 3);
    sampleInto(together, pixels, map, 48, { scale: 2 / 255, offset: -1 });
    sampleInto(each, apart, map, 48, { scale: 2 / 255, offset: -1 });
    expect(furthestApart([together], [each])).toBeLessThan(1e-5);
  }
});
