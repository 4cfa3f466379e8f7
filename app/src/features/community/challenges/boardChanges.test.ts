import { rankChanges, ranksOf } from './boardChanges';

test('rows that move say by how many places, all others say nothing', () => {
  const before = ranksOf([
    { id: 'a', rank: 1 },
    { id: 'b', rank: 2 },
    { id: 'c', rank: 3 },
    { id: 'd', rank: null },
  ]);
  const after = [
    { id: 'c', rank: 1 },
    { id: 'a', rank: 2 },
    { id: 'b', rank: 2 },
    { id: 'd', rank: 4 },
    { id: 'e', rank: 5 },
  ];
  expect([...rankChanges(before, after)]).toEqual([
    ['c', 2],
    ['a', -1],
  ]);
});
