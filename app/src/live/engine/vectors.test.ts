/// <reference types="node" />
import { inflateSync } from 'node:zlib';

import { cueStep, newCues, type Utterance } from '../cues/policy';
import type { LiveEvent, PoseFrame } from '../types';
import { observe } from './observation';
import { newPushUpEngine, newPushUps, pushUpStep } from './pushUp';
import { newSession, sessionStep } from './session';
import tables from './tables.json';
import vectors from './vectors.json';

type Stored = (typeof vectors.sets)[number];

/** Undo the packing of tests/support/live_vectors.py: bytes by place, differences from frame to frame. */
function unpacked(text: string, frames: number, octets: 1 | 2, signed: boolean): Int32Array {
  const bytes = inflateSync(Buffer.from(text, 'base64'));
  const count = bytes.length / octets;
  const width = count / frames;
  const values = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const step = (bytes[i] ?? 0) + (octets === 2 ? 256 * (bytes[count + i] ?? 0) : 0);
    const whole = (i < width ? 0 : (values[i - width] ?? 0)) + step;
    values[i] = octets === 2 ? (whole << 16) >> 16 : signed ? (whole << 24) >> 24 : whole & 255;
  }
  return values;
}

const AT: Record<string, number> = tables.keypoints;

function framesOf(stored: Stored): { frame: PoseFrame; logits: number[] | null }[] {
  const n = stored.t_ms.length;
  const k = vectors.joints.length;
  const xy = unpacked(stored.xy, n, 2, true);
  const score = unpacked(stored.score, n, 1, false);
  const world = stored.world === null ? null : unpacked(stored.world, n, 2, true);
  const logits = stored.logits === null ? null : unpacked(stored.logits, n, 1, true);
  const real = (value: number | undefined, units: number) =>
    value === undefined || value === vectors.missing ? NaN : value / units;
  return stored.t_ms.map((tMs, i) => {
    const frame: PoseFrame = {
      tS: tMs / 1000,
      xy: new Float32Array(66).fill(NaN),
      score: new Float32Array(33),
      worldM: world === null ? null : new Float32Array(99).fill(NaN),
      widthPx: 1280,
      heightPx: 720,
    };
    vectors.joints.forEach((name, j) => {
      const place = AT[name] ?? NaN;
      frame.score[place] = real(score[i * k + j], vectors.units.score);
      for (const axis of [0, 1]) {
        frame.xy[2 * place + axis] = real(xy[2 * (i * k + j) + axis], vectors.units.px);
      }
      for (const axis of [0, 1, 2]) {
        if (world !== null && frame.worldM !== null) {
          frame.worldM[3 * place + axis] = real(world[3 * (i * k + j) + axis], vectors.units.m);
        }
      }
    });
    const said = logits?.subarray(9 * i, 9 * i + 9);
    return { frame, logits: said === undefined ? null : Array.from(said, (v) => v / vectors.units.logit) };
  });
}

const told = (event: LiveEvent): unknown[] =>
  event.kind === 'cue'
    ? ['cue', event.fault]
    : [event.kind, Math.round(event.tS * 1e4) / 1e4, event.phase, event.count];

describe.each(vectors.sets.map((stored) => [stored.name, stored] as const))('%s', (_, stored) => {
  const engine = newPushUpEngine();
  const events = framesOf(stored).flatMap(({ frame, logits }) =>
    engine.step(frame, frame.tS, logits === null ? null : { faultLogits: logits }),
  );
  events.push(...engine.finish());
  const summary = engine.summary();

  test('tells the same, in the same order', () => {
    expect(events.map(told)).toEqual(stored.expected.events);
  });

  test('says the same aloud', () => {
    const said: Utterance[] = [];
    let session = newSession();
    let cues = newCues('en');
    for (const { frame, logits } of framesOf(stored)) {
      const seen = frame.xy.every(Number.isNaN) ? null : frame;
      const form = logits === null ? null : { faultLogits: logits };
      const [afterFrame, happened] = sessionStep(session, seen, frame.tS, form);
      const [afterCue, utterance] = cueStep(cues, happened, frame.tS);
      [session, cues] = [afterFrame, afterCue];
      if (utterance !== null) said.push(utterance);
    }
    expect(said.map(({ tS, code, text }) => [Math.round(tS * 1e4) / 1e4, code, text])).toEqual(
      stored.expected.said,
    );
  });

  test('counts and judges the same', () => {
    expect(summary.count).toBe(stored.expected.count);
    expect(summary.partialCount).toBe(stored.expected.partial_count);
    expect(summary.reps).toHaveLength(stored.expected.reps.length);
    summary.reps.forEach((rep, i) => {
      const wanted = stored.expected.reps[i];
      if (wanted === undefined) throw new Error('There is one for each');
      expect(rep.complete).toBe(wanted.complete);
      expectClose(rep.startS, wanted.start_s);
      expectClose(rep.turnS, wanted.turn_s);
      expectClose(rep.endS, wanted.end_s);
      expectClose(rep.rangeM, wanted.range_m);
      expectClose(rep.score, wanted.score);
      expectClose(rep.minElbowDeg, wanted.min_elbow_deg);
      expectClose(rep.bodyLineDeg, wanted.body_line_deg);
      rep.findings.forEach((finding, j) => {
        const [code, decision, reason, probability, measured] = wanted.findings[j] ?? [];
        expect([finding.code, finding.decision, finding.reason]).toEqual([code, decision, reason]);
        expectClose(finding.probability, probability);
        expectClose(finding.measured, measured);
      });
    });
  });
});

function expectClose(found: number | null, wanted: unknown): void {
  if (typeof wanted !== 'number') expect(found).toBe(wanted);
  else expect(found).toBeCloseTo(wanted, 3);
}

test('what is remembered does not grow with the length of the set', () => {
  const [stored] = vectors.sets;
  if (stored === undefined) throw new Error('There are vectors');
  const once = framesOf(stored).map(({ frame }) => frame);
  const lengthS = (once.at(-1)?.tS ?? 0) + 0.1;
  let state = newPushUps();
  for (let round = 0; round < 20; round++) {
    for (const frame of once) {
      const tS = frame.tS + round * lengthS;
      [state] = pushUpStep(state, observe({ ...frame, tS }, tS, null));
    }
  }
  expect(state.count.count).toBe(20 * stored.expected.count);
  const longestS = 2 * (tables.push_up.max_rep_s + tables.form_step.window_margin_s);
  expect(state.window.length).toBeLessThanOrEqual(longestS * 15 + 2);
  expect(state.count.window.length).toBeLessThanOrEqual(2 * tables.push_up.max_rep_s * 15 + 2);
});
