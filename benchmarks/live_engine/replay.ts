/** Runs the app's engine over stored poses: `node replay.js FILE...`; one line of JSON for each. */

import { readFileSync } from 'node:fs';

import { newPushUpEngine } from '../../app/src/live/engine/pushUp';
import { newCues, cueStep } from '../../app/src/live/cues/policy';
import { newSession, sessionStep, finishSession } from '../../app/src/live/engine/session';

const HEADER_BYTES = 8;

for (const path of process.argv.slice(2)) {
  const file = readFileSync(path);
  const buffer = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
  const [frames = 0, faults = 0] = new Uint32Array(buffer, 0, 2);
  let at = HEADER_BYTES;
  const t = new Float64Array(buffer, at, frames);
  at += 8 * frames;
  const take = (width: number): Float32Array => {
    const values = new Float32Array(buffer, at, frames * width);
    at += 4 * frames * width;
    return values;
  };
  const [xy, score, world, logits] = [take(66), take(33), take(99), take(faults)];
  const hasSpace = !world.every(Number.isNaN);
  const [widthPx = 0, heightPx = 0] = new Float32Array(buffer, at, 2);
  const frameAt = (i: number) => {
    const points = xy.subarray(66 * i, 66 * i + 66);
    if (points.every(Number.isNaN)) return null;
    return {
      tS: t[i] ?? 0,
      xy: points,
      score: score.subarray(33 * i, 33 * i + 33),
      worldM: hasSpace ? world.subarray(99 * i, 99 * i + 99) : null,
      widthPx,
      heightPx,
    };
  };
  const formAt = (i: number) => {
    const said = logits.subarray(faults * i, faults * i + faults);
    return Number.isNaN(said[0]) ? null : { faultLogits: said };
  };
  const engine = newPushUpEngine();
  const took: number[] = [];
  for (let i = 0; i < frames; i++) {
    const started = performance.now();
    engine.step(frameAt(i), t[i] ?? 0, formAt(i));
    took.push(performance.now() - started);
  }
  engine.finish();
  const { count, partialCount, reps } = engine.summary();
  const corrections: string[] = [];
  let session = newSession();
  let cues = newCues('en');
  for (let i = 0; i < frames; i++) {
    const [after, events] = sessionStep(session, frameAt(i), t[i] ?? 0, formAt(i));
    session = after;
    const [said, utterance] = cueStep(cues, events, t[i] ?? 0);
    cues = said;
    if (utterance?.kind === 'correction') corrections.push(utterance.code);
  }
  [session] = finishSession(session, t[frames - 1] ?? 0);
  const document = {
    count,
    partial_count: partialCount,
    session_count: session.sets.reduce((sum, set) => sum + set.count, 0),
    reps: reps.map((rep) => [rep.startS, rep.turnS, rep.endS, rep.complete]),
    faults: reps.map((rep) => rep.findings.map((finding) => finding.decision)),
    corrections,
    ms: took.map((one) => Math.round(one * 1000) / 1000),
  };
  process.stdout.write(`${JSON.stringify(document)}\n`);
}
