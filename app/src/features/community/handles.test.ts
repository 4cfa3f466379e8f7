import { isHandle, smallHandle } from './handles';

test.each([
  ['Anna_M', 'anna_m'],
  ['  IRIS ', 'iris'],
  ['anna', 'anna'],
  ['', ''],
])('%j becomes %j', (typed, handle) => {
  expect(smallHandle(typed)).toBe(handle);
});

test.each([
  ['abc', true],
  ['4ever_1', true],
  ['a'.repeat(30), true],
  ['ab', false],
  ['a'.repeat(31), false],
  ['_abc', false],
  ['an na', false],
  ['änna', false],
  ['Anna', false],
])('%j can be a handle: %s', (handle, can) => {
  expect(isHandle(handle)).toBe(can);
});
