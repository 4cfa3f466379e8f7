import { pushUpFrame, standingFrame } from '@/live/engine/testBodies';
import type { PoseFrame } from '@/live/types';

import { Coach } from './coach';

const PER_S = 20;

/** Follow frames; return what `read` takes from the coach, each time it is something else. */
function shown<Value>(frameAt: (tS: number) => PoseFrame, untilS: number, read: (coach: Coach) => Value) {
  const coach = new Coach('en');
  const values: Value[] = [];
  for (let i = 0; i <= untilS * PER_S; i++) {
    const { tS, ...frame } = frameAt(i / PER_S);
    coach.take({ kind: 'seen', ...frame, tS, form: null, tookMs: 1 });
    const value = read(coach);
    if (values.at(-1) !== value) values.push(value);
  }
  return values;
}

const reps = (tS: number, count: number) =>
  pushUpFrame(tS, tS < 2 * count ? 0.37 + 0.18 * Math.cos(Math.PI * tS) : 0.55);
const at = (tS: number, frame: PoseFrame): PoseFrame => ({ ...frame, tS });

/** Four push-ups, a rest on one's feet, three push-ups. */
const twoSets = (tS: number): PoseFrame => {
  if (tS < 3) return pushUpFrame(tS, 0.55);
  if (tS < 12) return at(tS, reps(tS - 3, 4));
  if (tS < 20) return standingFrame(tS);
  return tS < 23 ? pushUpFrame(tS, 0.55) : at(tS, reps(tS - 23, 3));
};

it('shows the count of the set that is done, also through the rest, and that of all beside it', () => {
  expect(shown(twoSets, 31, ({ view }) => view.countOfSet)).toEqual([0, 1, 2, 3, 4, 0, 1, 2, 3]);
  expect(shown(twoSets, 31, ({ view }) => view.count)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

it('keeps words on the screen over the counts that follow, and counts in the ring alone', () => {
  const captions = shown(twoSets, 31, ({ view }) => view.caption);
  expect(captions[1]).toBe('Ready. Start when you like.');
  expect(captions).toContain('4 repetitions. Rest.');
  expect(captions.some((text) => text !== null && /^\d+$/.test(text))).toBe(false);
  // A count long after them takes them away.
  expect(captions.lastIndexOf(null)).toBeGreaterThan(0);
});

it('misses nobody before the first picture', () => {
  expect(new Coach('en').view.isSeen).toBe(true);
});
