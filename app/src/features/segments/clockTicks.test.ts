import { clockTicks } from './clockTicks';

test('grid lines stand at round times', () => {
  expect(clockTicks(182, 254)).toEqual([195, 210, 225, 240]);
  expect(clockTicks(59.5, 71)).toEqual([60, 65, 70]);
  expect(clockTicks(600, 3600)).toEqual([600, 1200, 1800, 2400, 3000, 3600]);
});
