import { strengthOf } from './signalFacts';

test('what nobody can do is strong, what may be a plan is weak', () => {
  expect([1, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3].map(strengthOf)).toEqual([
    'strong',
    'strong',
    'strong',
    'middle',
    'middle',
    'weak',
    'weak',
  ]);
});
