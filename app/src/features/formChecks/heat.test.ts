import { heatTone, worstPhase } from './heat';

test('larger deviations get stronger tones, whatever their sign', () => {
  expect([0, -7, 8, -15, 25, -31].map(heatTone)).toEqual([
    'border',
    'border',
    'zone1',
    'zone2',
    'zone4',
    'zone6',
  ]);
  expect(heatTone(null)).toBeNull();
});

test('where the largest deviation lies', () => {
  expect(worstPhase([{ by_phase_deg: [1, null, -9, 2] }, { by_phase_deg: [3, 0, 0, 8] }])).toBe(0.625);
  expect(worstPhase([])).toBe(0.5);
});
