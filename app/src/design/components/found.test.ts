import { found } from './found';

const zones = ['America/Sao Paulo', 'Europe/Berlin', 'Europe/Dublin', 'Asia/Dubai', 'Indian/Mahé'].map(
  (label) => ({ value: label, label }),
);
const labels = (typed: string) => found(zones, typed).map((option) => option.label);

test('every typed word has to be there, in any order and without accents', () => {
  expect(labels('paulo america')).toEqual(['America/Sao Paulo']);
  expect(labels('mahe')).toEqual(['Indian/Mahé']);
  expect(labels('moon')).toEqual([]);
});

test('names that begin with it come first, and nothing typed shows all', () => {
  expect(labels('b')).toEqual(['Europe/Berlin', 'Europe/Dublin', 'Asia/Dubai']);
  expect(labels('  ')).toHaveLength(5);
});
