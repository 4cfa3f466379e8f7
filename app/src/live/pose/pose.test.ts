/** The live pose beside the recorded analysis: the same numbers around the same models. */
import { anchorCenters, decodedBoxes, mergedBoxes, PersonDetector } from './detector';
import { FormModel, FORM_OUTPUTS, MIRRORED, type StepGraph } from './formModel';
import {
  composed,
  moved,
  overlap,
  regionFromAlignment,
  uprightFromCrop,
  uprightFromTurned,
  type Region,
} from './geometry';
import golden from './golden.json';
import { DETECTOR, LANDMARKS, type Graph } from './graph';
import { bodyFrom, LandmarkModel, refined, type Body } from './landmarks';
import { pixelsFromRgba, sampleInto, type Pixels } from './sampling';
import { isPlausible, PoseTracker } from './tracker';

const POINTS = 39;
const HEATMAP_PX = 64;

function expectClose(found: ArrayLike<number>, wanted: readonly number[], within = 1e-4) {
  expect(found.length).toBe(wanted.length);
  wanted.forEach((value, place) => expect(Math.abs(found[place]! - value)).toBeLessThanOrEqual(within));
}

function expectRegion(found: Region, wanted: Region) {
  for (const name of ['centerXPx', 'centerYPx', 'sidePx', 'rotationRad'] as const) {
    expect(found[name]).toBeCloseTo(wanted[name], 4);
  }
}

describe('geometry', () => {
  it('finds the region of two points', () => {
    for (const { points, region } of golden.regions.alignments) {
      expectRegion(regionFromAlignment(points[0]!, points[1]!, points[2]!, points[3]!), region);
    }
  });

  it('maps the crop into the picture', () => {
    for (const { region, uprightFromCrop: wanted } of golden.regions.maps) {
      expectClose(uprightFromCrop(region, 256), wanted);
    }
  });

  it('moves regions with the picture and measures how they overlap', () => {
    const quarter = uprightFromTurned(90, { widthPx: 64, heightPx: 40 });
    for (const { region, to } of golden.regions.moved) {
      expectRegion(moved(region, quarter), to);
    }
    const regions = golden.regions.moved.map(({ region }) => region);
    regions.forEach((one, row) => {
      expectClose(
        regions.map((other) => overlap(one, other)),
        golden.regions.overlaps[row]!,
      );
    });
  });

  it('undoes a quarter turn with the opposite one', () => {
    const there = uprightFromTurned(90, { widthPx: 64, heightPx: 40 });
    const back = uprightFromTurned(270, { widthPx: 40, heightPx: 64 });
    expectClose(composed(there, back), [1, 0, 0, 0, 1, 0]);
  });
});

describe('crops', () => {
  const { widthPx, heightPx, luma, sizePx, crops } = golden.crops;
  const half = { widthPx: widthPx / 2, heightPx: heightPx / 2 };
  const planar = (chroma: number): Pixels => {
    const colour = { bytes: new Uint8Array(half.widthPx * half.heightPx).fill(chroma), offset: 0, step: 1 };
    return {
      widthPx,
      heightPx,
      planes: [
        { bytes: Uint8Array.from(luma), offset: 0, step: 1, stride: widthPx, widthPx, heightPx },
        { ...colour, stride: half.widthPx, ...half },
        { ...colour, stride: half.widthPx, ...half },
      ],
      coding: { matrix: 'bt601', fullRange: true },
    };
  };
  const rgba = Uint8Array.from(luma.flatMap((value) => [value, value, value, 255]));

  it.each([
    ['planes', planar(128)],
    ['red, green and blue', pixelsFromRgba(rgba, { widthPx, heightPx })],
  ])('are those of the recorded analysis, from %s', (_, pixels) => {
    for (const { region, values } of crops) {
      const out = new Float32Array(sizePx * sizePx * 3);
      sampleInto(out, pixels, uprightFromCrop(region, sizePx), sizePx, { scale: 1, offset: 0 });
      // The recorded analysis interpolates in steps of 1/32 pixel and rounds to whole numbers.
      for (const channel of [0, 1, 2]) {
        expectClose(
          out.filter((_value, place) => place % 3 === channel),
          values.flat(),
          3,
        );
      }
    }
  });

  it('turn brightness and colour into red, green and blue as ITU-R BT.601 says', () => {
    const out = new Float32Array(3);
    const bright = planar(128);
    // Pure red in limited range: Y 81, Cb 90, Cr 240.
    const [lumaPlane, bluePlane, redPlane] = bright.planes;
    const red: Pixels = {
      ...bright,
      planes: [
        { ...lumaPlane, bytes: new Uint8Array(luma.length).fill(81) },
        { ...bluePlane, bytes: new Uint8Array(luma.length / 4).fill(90) },
        { ...redPlane, bytes: new Uint8Array(luma.length / 4).fill(240) },
      ],
      coding: { matrix: 'bt601', fullRange: false },
    };
    sampleInto(out, red, [1, 0, 20, 0, 1, 20], 1, { scale: 1, offset: 0 });
    expectClose(out, [255, 0, 0], 2);
  });
});

describe('the detector', () => {
  it('has the anchors of the published graph', () => {
    const centers = anchorCenters();
    expect(centers.length).toBe(2 * golden.anchors.count);
    golden.anchors.places.forEach((place, index) => {
      expectClose([centers[2 * place]!, centers[2 * place + 1]!], golden.anchors.centers[index]!);
    });
  });

  it('merges overlapping boxes into their weighted mean', () => {
    const { anchors, raw, logits, merged } = golden.detections;
    const rows = new Float32Array(golden.anchors.count * 12);
    const certain = new Float32Array(golden.anchors.count).fill(-50);
    anchors.forEach((anchor, index) => {
      rows.set(raw[index]!, 12 * anchor);
      certain[anchor] = logits[index]!;
    });
    const found = mergedBoxes(decodedBoxes(rows, certain, anchorCenters()));
    expect(found.length).toBe(merged.length);
    merged.forEach(({ score, values }, index) => {
      expect(found[index]!.score).toBeCloseTo(score, 5);
      expectClose(found[index]!.values, values, 1e-3);
    });
  });
});

describe('the landmarks', () => {
  const { points, tops, heights } = golden.refined;
  const rows = new Float32Array(POINTS * 5);
  points.forEach(([x, y], point) => rows.set([x!, y!, 0, 2, 0], 5 * point));
  const heatmaps = new Float32Array(HEATMAP_PX * HEATMAP_PX * POINTS);
  for (let row = 0; row < HEATMAP_PX; row += 1) {
    for (let column = 0; column < HEATMAP_PX; column += 1) {
      for (let point = 0; point < POINTS; point += 1) {
        const far = (column - tops[point]![0]!) ** 2 + (row - tops[point]![1]!) ** 2;
        heatmaps[(row * HEATMAP_PX + column) * POINTS + point] = heights[point]! - far / 2;
      }
    }
  }

  it('are moved to the middle of the heatmap around them', () => {
    expectClose(refined(rows, heatmaps), golden.refined.refined.flat(), 1e-3);
  });

  it('are turned back into the picture, in pixels and in metres', () => {
    const low = heatmaps.map(() => -20);
    const world = new Float32Array(POINTS * 3);
    world.set([0, -0.5, 0.2], 0);
    const region = { centerXPx: 100, centerYPx: 50, sidePx: 256, rotationRad: Math.PI / 2 };
    const body = bodyFrom([rows, Float32Array.of(0.9), low, world], region, { widthPx: 400, heightPx: 300 });
    // A quarter turn clockwise: 40 right and 200 down in the crop are 72 left and 88 up from its middle, turned.
    expectClose(body.xyPx.slice(0, 2), [100 - (200 - 128), 50 + (40 - 128)], 1e-3);
    expectClose(body.worldM.slice(0, 3), [0.5, 0, 0.2], 1e-6);
    // That place lies above the picture, where nobody can see it.
    expect(body.visibility[0]).toBeCloseTo(0.2, 6);
    expect(body.visibility[12]).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
  });

  it('are believed where they can be those of a person', () => {
    for (const { score, trunkM, sidePx, shiftPx, plausible } of golden.plausible) {
      const worldM = new Float32Array(99);
      worldM[3 * 11 + 1] = -trunkM;
      worldM[3 * 12 + 1] = -trunkM;
      const xyPx = new Float32Array(66).map((_, place) =>
        place % 2 === 1 ? 100 : 10 + (300 / 32) * (place / 2) + shiftPx,
      );
      const nextRegion = { centerXPx: 160, centerYPx: 100, sidePx, rotationRad: 0 };
      const body: Body = { xyPx, worldM, score, nextRegion, visibility: new Float32Array(33).fill(1) };
      expect(isPlausible(body, { widthPx: 320, heightPx: 240 })).toBe(plausible);
    }
  });
});

/** A detector that finds one person in the middle, and landmarks that agree as long as somebody is there. */
class Stage {
  isThere = true;
  detected = 0;
  looked = 0;

  readonly detector: Graph = {
    run: () => {
      this.detected += 1;
      const raw = new Float32Array(DETECTOR.outputSizes[0]);
      const logits = new Float32Array(DETECTOR.outputSizes[1]).fill(-50);
      if (this.isThere) {
        logits[1000] = 5;
        raw.set([0, 0, 80, 80, 0, 0, 0, -60, 0, 0, 0, 0], 12 * 1000);
      }
      return Promise.resolve([raw, logits]);
    },
  };

  readonly landmarks: Graph = {
    run: () => {
      this.looked += 1;
      const points = new Float32Array(LANDMARKS.outputSizes[0]);
      for (let point = 0; point < POINTS; point += 1) {
        points.set([128, 128, 0, 3, 3], 5 * point);
      }
      points.set([128, 40], 5 * 34);
      const world = new Float32Array(LANDMARKS.outputSizes[3]);
      world[3 * 11 + 1] = -0.5;
      world[3 * 12 + 1] = -0.5;
      const heatmaps = new Float32Array(LANDMARKS.outputSizes[2]).fill(-20);
      return Promise.resolve([points, Float32Array.of(this.isThere ? 0.95 : 0.1), heatmaps, world]);
    },
  };
}

describe('the tracker', () => {
  const pixels = pixelsFromRgba(new Uint8Array(320 * 240 * 4), { widthPx: 320, heightPx: 240 });

  it('detects once, follows, and detects again after a loss', async () => {
    const stage = new Stage();
    const tracker = new PoseTracker(
      new PersonDetector(stage.detector),
      new LandmarkModel(stage.landmarks),
      () => 1,
    );
    expect(await tracker.track(pixels, 0)).not.toBeNull();
    expect([stage.detected, stage.looked]).toEqual([1, 2]);
    expect(await tracker.track(pixels, 0.03)).not.toBeNull();
    expect([stage.detected, stage.looked]).toEqual([1, 3]);
    stage.isThere = false;
    // Lost: the picture is searched upright and turned both ways.
    expect(await tracker.track(pixels, 0.06)).toBeNull();
    expect([stage.detected, stage.looked]).toEqual([4, 4]);
    // And then a few times a second only.
    expect(await tracker.track(pixels, 0.1)).toBeNull();
    expect(stage.detected).toBe(4);
    stage.isThere = true;
    expect(await tracker.track(pixels, 0.3)).not.toBeNull();
    expect(stage.detected).toBe(5);
  });
});

describe('the form model', () => {
  const graph: StepGraph = {
    memorySize: 2,
    // Says where the left hand is, and how often it was asked.
    run: (xy, score, stepS, memory) =>
      Promise.resolve({
        outputs: new Float32Array(FORM_OUTPUTS).fill(xy[2 * 15]! + 10 * memory[0]! + score[15]! + stepS),
        memory: Float32Array.of(memory[0]! + 1, 0),
      }),
  };
  const body = { xyPx: new Float32Array(66), visibility: new Float32Array(33).fill(1) };
  body.xyPx[2 * 15] = 7;
  body.xyPx[2 * 16] = 3;

  it('knows which keypoint takes the place of which in the mirror', () => {
    expect(MIRRORED).toEqual(golden.mirrored);
  });

  it('remembers, sees the mirror image too, and passes over frames that come too soon', async () => {
    const model = new FormModel(graph);
    expect(await model.step(null, 0)).toBeNull();
    const first = await model.step(body, 1);
    // The mean of the left hand at 7 and, in the mirror, the right hand at -3.
    expect(first!.faultLogits.length).toBe(9);
    expect(first!.faultLogits[0]).toBeCloseTo((7 - 3) / 2 + 1 + 1 / 15, 5);
    expect(await model.step(body, 1.03)).toBe(first);
    const second = await model.step(body, 1.1);
    expect(second!.faultLogits[0]).toBeCloseTo((7 - 3) / 2 + 10 + 1 + 0.1, 5);
    // Nobody there is told to the model as keypoints without certainty, at most half a second at once.
    const third = await model.step(null, 9);
    expect(third!.faultLogits[0]).toBeCloseTo(20 + 0.5, 5);
  });
});
