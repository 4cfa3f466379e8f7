import { boundsOf, type Moving, normalisedRep, pointsAt } from './bodyTrack';

const joints = ['left_shoulder', 'right_shoulder', 'left_hip', 'right_hip'];
// The head is on the left of the picture; the trunk is 200 long and level.
const track: Moving = {
  joints,
  t_s: [0, 1, 2],
  xy: [[100, 50, 100, 50, 300, 50, 300, 50], [100, 150, 100, 150, 300, 150, 300, 150], null],
};

test('points between two moments lie between them', () => {
  expect(pointsAt(track, 0.5)?.slice(0, 2)).toEqual([100, 100]);
  expect(pointsAt(track, -1)).toEqual(track.xy[0]);
  expect(pointsAt(track, 1.5)).toEqual(track.xy[1]);
  expect(pointsAt(track, 9)).toBeNull();
  expect(pointsAt({ joints, t_s: [], xy: [] }, 0)).toBeNull();
});

test('a repetition is turned to the right and measured in trunks', () => {
  const [first, , last] = normalisedRep(track, { start_s: 0, end_s: 1 }, 3);
  expect(first).toEqual([1, 0, 1, 0, 0, 0, 0, 0].map((value) => (value === 0 ? expect.closeTo(0) : value)));
  expect(last).toEqual(first);
  expect(normalisedRep({ ...track, xy: [null, null, null] }, { start_s: 0, end_s: 1 }, 2)).toEqual([
    null,
    null,
  ]);
});

test('the box holds every moment with a margin', () => {
  const box = boundsOf([track.xy]);
  expect(box).toEqual({ left: 84, top: 34, width: 232, height: 132 });
  expect(boundsOf([[null]])).toEqual({ left: 0, top: 0, width: 1, height: 1 });
});
