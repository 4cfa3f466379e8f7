import { titleWidth } from './tableWidths';

test('a column is as wide as the longest word of its title, which may break between words', () => {
  expect(titleWidth('Fréquence cardiaque')).toBe(titleWidth('cardiaque'));
  expect(titleWidth('Fréquence')).toBeGreaterThan(titleWidth('Points'));
  expect(titleWidth('')).toBeLessThan(titleWidth('W'));
});

test('scripts without spaces break after each letter', () => {
  expect(titleWidth('平均心率')).toBe(titleWidth('心'));
});
