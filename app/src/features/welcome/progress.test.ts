import { isStep, progressIn, stepAfter, stepBefore, steps } from './progress';

test('the steps follow each other, there and back', () => {
  const forward = ['aim'];
  for (let at = stepAfter('aim'); at !== 'done'; at = stepAfter(at)) forward.push(at);
  expect(forward).toEqual(steps);
  expect(stepBefore('aim')).toBeNull();
  expect(stepBefore('history')).toBe('thresholds');
});

test('what is remembered belongs to one person', () => {
  expect(progressIn('ada you', 'ada')).toBe('you');
  expect(progressIn('ada done', 'ada')).toBe('done');
  expect(progressIn('ada you', 'bob')).toBeNull();
  expect(progressIn('ada nowhere', 'ada')).toBeNull();
  expect(progressIn(null, 'ada')).toBeNull();
  expect(isStep(undefined)).toBe(false);
});
