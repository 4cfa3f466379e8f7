/** Made-up bodies before a camera, for tests. */
import type { PoseFrame } from '../types';
import tables from './tables.json';

const WIDTH = 1280;
const HEIGHT = 720;

/** A side view: shoulders `heightM` over the hands, hips and ankles in line; moved and scaled in the picture. */
export function pushUpFrame(tS: number, heightM: number, { scale = 400, leftPx = 300 } = {}): PoseFrame {
  const frame = empty(tS);
  const ankle = [0, 0.08];
  const shoulder = [1.3, heightM];
  const along = (share: number) => ankle.map((value, i) => value + share * ((shoulder[i] ?? 0) - value));
  const wrist = [1.3, 0];
  const bend = Math.sqrt(Math.max(0, 0.3 ** 2 - (heightM / 2) ** 2));
  const places: Record<string, number[]> = {
    ankle,
    knee: along(0.3),
    hip: along(0.6),
    shoulder,
    elbow: [1.3 - bend, heightM / 2],
    wrist,
    ear: [1.45, heightM + 0.05],
  };
  put(frame, 'nose', [1.52, heightM + 0.02], scale, leftPx);
  for (const [name, place] of Object.entries(places)) {
    put(frame, `left_${name}`, place, scale, leftPx);
    put(frame, `right_${name}`, place, scale, leftPx);
  }
  return frame;
}

export function standingFrame(tS: number): PoseFrame {
  const frame = empty(tS);
  const heights = { ankle: 0.08, knee: 0.5, hip: 0.9, shoulder: 1.4, elbow: 1.1, wrist: 0.85, ear: 1.6 };
  put(frame, 'nose', [0.6, 1.6], 400, 300);
  for (const [name, height] of Object.entries(heights)) {
    put(frame, `left_${name}`, [0.5, height], 400, 300);
    put(frame, `right_${name}`, [0.7, height], 400, 300);
  }
  return frame;
}

function empty(tS: number): PoseFrame {
  return {
    tS,
    xy: new Float32Array(66).fill(NaN),
    score: new Float32Array(33).fill(0.9),
    worldM: null,
    widthPx: WIDTH,
    heightPx: HEIGHT,
  };
}

function put(frame: PoseFrame, name: string, place: number[], scale: number, leftPx: number): void {
  const at = (tables.keypoints as Record<string, number>)[name] ?? NaN;
  frame.xy[2 * at] = leftPx + (place[0] ?? NaN) * scale;
  frame.xy[2 * at + 1] = HEIGHT - 40 - (place[1] ?? NaN) * scale;
}
