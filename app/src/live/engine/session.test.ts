import type { PoseFrame } from '../types';
import { finishSession, newSession, sessionStep, type SessionEvent } from './session';
import tables from './tables.json';

const WIDTH = 1280;
const HEIGHT = 720;

/** A side view: shoulders `heightM` over the hands, hips and ankles in line; moved and scaled in the picture. */
function pushUpFrame(tS: number, heightM: number, { scale = 400, leftPx = 300 } = {}): PoseFrame {
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

function standingFrame(tS: number): PoseFrame {
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

function run(frameAt: (tS: number) => PoseFrame | null, untilS: number) {
  let state = newSession();
  const events: SessionEvent[] = [];
  for (let i = 0; i <= untilS * 20; i++) {
    const tS = i / 20;
    const [after, told] = sessionStep(state, frameAt(tS), tS, null);
    state = after;
    events.push(...told);
  }
  const [done, last] = finishSession(state, untilS);
  return { state: done, events: [...events, ...last] };
}

const firstHint = (frameAt: (tS: number) => PoseFrame | null) =>
  run(frameAt, 3).events.find((event) => event.kind === 'hint');

test.each([
  ['no_body', () => null],
  ['get_down', standingFrame],
  ['step_back', (tS: number) => pushUpFrame(tS, 0.55, { scale: 400, leftPx: -60 })],
  ['come_closer', (tS: number) => pushUpFrame(tS, 0.55, { scale: 120 })],
] as const)('%s is told', (hint, frameAt) => {
  expect(firstHint(frameAt)).toMatchObject({ hint });
});

test('a session goes from calibration over two sets to its end, and sums up each set', () => {
  const reps = (tS: number) => pushUpFrame(tS, 0.37 + 0.18 * Math.cos((2 * Math.PI * tS) / 2));
  const { state, events } = run((tS) => {
    if (tS < 2) return standingFrame(tS);
    if (tS < 5) return pushUpFrame(tS, 0.55);
    if (tS < 13) return reps(tS - 5 + 0);
    if (tS < 22) return standingFrame(tS);
    if (tS < 25) return pushUpFrame(tS, 0.55);
    return tS < 31 ? reps(tS - 25) : pushUpFrame(tS, 0.55);
  }, 33);
  const states = events.flatMap((event) => (event.kind === 'state' ? [event.state] : []));
  expect(states).toEqual(['ready', 'active', 'rest', 'ready', 'active', 'done']);
  expect(state.sets.map((set) => set.count)).toEqual([4, 3]);
  expect(events.filter((event) => event.kind === 'set_done')).toHaveLength(2);
});

test('nobody in the picture during a set is told once', () => {
  const { events } = run((tS) => {
    if (tS < 3) return pushUpFrame(tS, 0.55);
    return tS < 7 ? pushUpFrame(tS, 0.37 + 0.18 * Math.cos(Math.PI * (tS - 3))) : null;
  }, 9.5);
  expect(events.some((event) => event.kind === 'out_of_position')).toBe(true);
});
