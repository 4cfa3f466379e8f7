import type { PoseFrame } from '../types';
import { finishSession, newSession, sessionStep, type SessionEvent } from './session';
import { pushUpFrame, standingFrame } from './testBodies';

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
