import { loadOfHour } from './rating';

test('an hour rated 7 is a load of 100 by the factor that holds for everybody', () => {
  expect(loadOfHour(100 / 420)).toBeCloseTo(100);
});

test('somebody whose 400 rated minutes measured 60 has a load of 63 for it', () => {
  expect(loadOfHour(60 / 400)).toBeCloseTo(63);
});
