import { SetClock } from './setClock';

test('the clock of a set goes with the camera, and stands still while the set is paused', () => {
  const clock = new SetClock();
  expect([100, 100.1, 100.2].map((takenS) => clock.at(takenS))).toEqual([100, 100.1, 100.2]);
  clock.pause();
  // Half a minute later; the other camera may even count from elsewhere.
  expect(clock.at(130)).toBeCloseTo(100.2 + 1 / 30, 9);
  expect(clock.at(130.1)).toBeCloseTo(100.3 + 1 / 30, 9);
  clock.pause();
  expect(clock.at(5)).toBeCloseTo(100.3 + 2 / 30, 9);
  expect(clock.at(5.5)).toBeCloseTo(100.8 + 2 / 30, 9);
});

test('a pause before the first picture skips nothing', () => {
  const clock = new SetClock();
  clock.pause();
  expect(clock.at(7)).toBe(7);
});
