import { columnsFor } from './Grid';

test.each([
  [1000, 10, 104, 16, 5],
  [1000, 8, 104, 16, 8],
  [1000, 9, 104, 16, 5],
  [320, 4, 130, 16, 2],
  [100, 3, 130, 16, 1],
])('in %p points %p items of %p', (width, count, minWidth, gap, columns) => {
  expect(columnsFor(width, count, minWidth, gap)).toBe(columns);
});
